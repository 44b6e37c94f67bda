using System.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace PlanTracker.Features.Api;

[Route(Route)]
public sealed class DocumentController([FromKeyedServices(ApiEndpoint.Version)] IOpenApiDocumentProvider documents) : ApiEndpoint
{
    [ApiGet("openapi.json")]
    [ApiExplorerSettings(IgnoreApi = true)]
    public async Task<IActionResult> Document(CancellationToken ct)
    {
        var document = await documents.GetOpenApiDocumentAsync(ct);
        return new ApiAnswer(Encoding.UTF8.GetBytes(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, ct)));
    }
}
