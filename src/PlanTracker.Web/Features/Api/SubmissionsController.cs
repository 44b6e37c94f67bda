using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;
using PlanTracker.Platform.Languages;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Api;

/// <summary>Figures that programs submit for review.</summary>
[Route(PlanRoute)]
public sealed class SubmissionsController(Submissions submissions) : ApiEndpoint
{
    private static readonly Bilingual Refused = new("Nothing was submitted. Each error names its row and field.", "未提交任何数据。各错误注明所在行与字段。");

    [HttpPost("readings")]
    [Authorize(Policies.WriteByToken)]
    [Says("Submits readings for review: all of them, or none. The natural key of a row is indicator, region and period.", "提交数据供审核：全部接收或全部拒绝。每行以指标、地区、时期为键。")]
    [TakesBody(typeof(ReadingsSent))]
    [ProducesResponseType<SubmissionAnswer>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Submit([Says(Parameters.PlanEn, Parameters.PlanZh, Parameters.PlanExample)] string plan, CancellationToken ct)
    {
        var body = await SentBody.ReadAsync(Request, ct);
        if (body.Refusal is { } status)
            return StatusCode(status);
        var (answer, errors) = await submissions.SubmitAsync(HttpContext.Plan(), body, User.Id(), ct);
        return answer is not null ? ApiAnswer.Of(answer) : new ProblemAnswer(new ApiProblem
        {
            Type = "urn:plantracker:problem:refused-readings",
            Title = "Refused",
            Status = StatusCodes.Status422UnprocessableEntity,
            Detail = Refused.In(RequestLanguage.Current),
            Errors = errors,
        });
    }

    [ApiGet("submissions/{requestId:guid}")]
    [Says("What became of the rows of a request of yours.", "您某次请求中各行的当前状态。")]
    [ProducesResponseType<SubmissionItem>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Submission(
        [Says(Parameters.PlanEn, Parameters.PlanZh, Parameters.PlanExample)] string plan,
        [Says("Id of the request.", "请求的 UUID。", "0d0c4c2e-5f0f-4b8a-9d2f-6b1e1f6a7c11")] Guid requestId, CancellationToken ct) =>
        await submissions.FindAsync(HttpContext.Plan(), requestId, User.Id(), ct) is { } found ? ApiAnswer.Of(found) : NotFound();
}

/// <summary>A refusal with its reasons.</summary>
public sealed class ProblemAnswer(ApiProblem problem) : IActionResult
{
    public Task ExecuteResultAsync(ActionContext context) => problem.WriteAsync(context.HttpContext);
}

/// <summary>The body an action reads by itself; for the document.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TakesBodyAttribute(Type type) : Attribute
{
    public Type Type { get; } = type;
}
