using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Api;

/// <summary>What programs can ask and send, for people.</summary>
[Route("{lang:language}/api")]
[OpenToLimitedReaders]
public sealed class ApiController([FromKeyedServices(ApiEndpoint.Version)] IOpenApiDocumentProvider documents) : Controller
{
    [HttpGet("")]
    public async Task<IActionResult> Show(CancellationToken ct) => View(ApiPage.Of(await documents.GetOpenApiDocumentAsync(ct)));
}
