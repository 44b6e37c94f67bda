using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;
using PlanTracker.Platform.Languages;

namespace PlanTracker.Features.Api;

/// <summary>What a program sends; for the document. It is read by <see cref="SentReadings"/>, from the digits themselves.</summary>
public sealed record ReadingsSent
{
    [Says("Made by you for each request: sent twice, it counts once.", "由您为每个请求生成的 UUID：重发只计一次。", "0d0c4c2e-5f0f-4b8a-9d2f-6b1e1f6a7c11")]
    public required Guid RequestId { get; init; }

    [Says("Where figures stand that name no source of their own.", "未单独注明来源的数据的来源。", "Zhejiang Statistical Yearbook 2024, table 20-1")]
    public string? Source { get; init; }

    [Says("Why questioned figures are right that say nothing of their own.", "对未单独说明的存疑数据的说明。", "As published.")]
    public string? Explanation { get; init; }

    [Says("1 to 5000 rows, each about another cell.", "1 至 5000 行，每行对应不同数据。")]
    public required IReadOnlyList<ReadingSent> Readings { get; init; }
}

public sealed record ReadingSent
{
    [Says("Code of the indicator.", "指标编码。", "P-RD-INT")]
    public required string Indicator { get; init; }

    [Says("Code of the region.", "地区编码。", "330000")]
    public required string Region { get; init; }

    [Says("Period: 2023, 2023-S1, 2023-Q1 or 2023-01.", "时期：2023、2023-S1、2023-Q1 或 2023-01。", "2023")]
    public required string Period { get; init; }

    [Says("The figure as a number or as text, with its digits as stated: 3.20, not 3.2e0. Null where the status says why there is none.", "数值，可为数字或文本，保留原有数位：3.20，而非 3.2e0。状态表示无数据时为 null。", "3.20")]
    public decimal? Value { get; init; }

    [Says("SDMX observation status; A when not said.", "SDMX 观测状态；缺省为 A。", "A")]
    public ObservationStatus? Status { get; init; }

    [Says("Note.", "备注。")]
    public string? Note { get; init; }

    [Says("Its source, where it is another than that of the request.", "来源；与请求来源不同时填写。")]
    public string? Source { get; init; }

    [Says("Why it is right, where it is questioned.", "存疑时的说明。")]
    public string? Explanation { get; init; }

    [Says("Number of the last revision you saw, 0 for none: a change in between is reported as a conflict. Without it, what stands is replaced.", "您所见的最新修订号，无则为 0：其间如有变动将报告冲突。缺省则直接取代现值。", 1)]
    public int? BasedOn { get; init; }
}

public enum RowResult
{
    Submitted,

    /// <summary>It held exactly this already.</summary>
    Unchanged,
}

public sealed record SubmissionAnswer
{
    [Says("As sent.", "与请求相同。", "0d0c4c2e-5f0f-4b8a-9d2f-6b1e1f6a7c11")]
    public required Guid RequestId { get; init; }

    [Says("When it was taken.", "接收时间。", "2024-02-29T08:30:00+00:00")]
    public required DateTimeOffset At { get; init; }

    [Says("Rows submitted for review.", "已提交审核的行数。", 1)]
    public required int Submitted { get; init; }

    [Says("Rows that said nothing new.", "内容无变化的行数。", 0)]
    public required int Unchanged { get; init; }

    [Says("Each row in order.", "逐行结果，按原顺序。")]
    public required IReadOnlyList<RowAnswer> Rows { get; init; }
}

public sealed record RowAnswer
{
    [Says("Row of the request, from 0.", "请求中的行号，从 0 起。", 0)]
    public required int Row { get; init; }

    [Says("The cell, as indicator/region/period.", "数据位置：指标/地区/时期。", "P-RD-INT/330000/2023")]
    public required string Cell { get; init; }

    [Says("What became of it.", "处理结果。", "submitted")]
    public required RowResult Result { get; init; }

    [Says("Number of the revision it made; empty where it is unchanged.", "生成的修订号；无变化时为空。", 2)]
    public required int? Revision { get; init; }
}

public sealed record SubmissionItem
{
    [Says("As sent.", "与请求相同。", "0d0c4c2e-5f0f-4b8a-9d2f-6b1e1f6a7c11")]
    public required Guid RequestId { get; init; }

    [Says("When it was taken.", "接收时间。", "2024-02-29T08:30:00+00:00")]
    public required DateTimeOffset At { get; init; }

    [Says("Each row in order, with its state now.", "逐行当前状态，按原顺序。")]
    public required IReadOnlyList<RowState> Rows { get; init; }
}

public sealed record RowState
{
    [Says("Row of the request, from 0.", "请求中的行号，从 0 起。", 0)]
    public required int Row { get; init; }

    [Says("The cell, as indicator/region/period.", "数据位置：指标/地区/时期。", "P-RD-INT/330000/2023")]
    public required string Cell { get; init; }

    [Says("State of its revision; empty where the row was unchanged.", "修订状态；该行无变化时为空。", "returned")]
    public required RevisionState? State { get; init; }

    [Says("Number of its revision.", "修订号。", 2)]
    public required int? Revision { get; init; }

    [Says("Why it was returned.", "退回原因。", "Which bulletin?")]
    public required string? Reason { get; init; }

    [Says("When it was decided.", "审核时间。", "2024-03-01T08:30:00+00:00")]
    public required DateTimeOffset? ReviewedAt { get; init; }
}

/// <summary>Takes readings of programs through the one way in for figures.</summary>
public sealed class Submissions(PlanDbContext db, ReadingStore store, TimeProvider clock)
{
    /// <returns>The answer, or what is wrong.</returns>
    public async Task<(SubmissionAnswer? Answer, IReadOnlyList<ProblemError> Errors)> SubmitAsync(CurrentPlan plan, SentBody body, Guid authorId, CancellationToken ct)
    {
        var sent = SentReadings.Of(body.Root);
        var (keys, unknown) = await KeysAsync(plan, sent, ct);
        if (sent.Errors.Count + unknown.Count > 0)
            return (null, [.. sent.Errors.Concat(unknown).OrderBy(e => e.Row ?? -1)]);

        var result = await store.SubmitAsync(
            new Submission
            {
                RequestId = sent.RequestId,
                Source = sent.Source,
                Explanation = sent.Explanation,
                Cells = [.. sent.Rows.Select((r, i) => CellOf(r, keys[i]))],
                Receipt = new ApiSubmission
                {
                    AuthorId = authorId,
                    RequestId = sent.RequestId,
                    PlanId = plan.Id,
                    At = clock.GetUtcNow(),
                    Digest = SHA256.HashData(body.Bytes),
                    Cells = [.. sent.Rows.Select(r => r.Cell)],
                },
            },
            authorId, ct);
        return result.Faults.Count == 0 ? (await AnswerAsync(sent.RequestId, authorId, ct), []) : (null, ErrorsOf(result.Faults, keys));
    }

    /// <summary>What became of a request since; nothing where the person sent none under that id.</summary>
    public async Task<SubmissionItem?> FindAsync(CurrentPlan plan, Guid requestId, Guid authorId, CancellationToken ct)
    {
        if (await db.ApiSubmissions.AsNoTracking().SingleOrDefaultAsync(s => s.AuthorId == authorId && s.RequestId == requestId && s.PlanId == plan.Id, ct) is not { } receipt)
            return null;
        var revisions = await RevisionsAsync(requestId, authorId, ct);
        return new SubmissionItem
        {
            RequestId = requestId,
            At = receipt.At,
            Rows = [.. receipt.Cells.Select((cell, row) => revisions.GetValueOrDefault(cell) is { } r
                ? new RowState { Row = row, Cell = cell, State = r.State, Revision = r.Number, Reason = r.Reason, ReviewedAt = r.ReviewedAt }
                : new RowState { Row = row, Cell = cell, State = null, Revision = null, Reason = null, ReviewedAt = null })],
        };
    }

    private async Task<SubmissionAnswer> AnswerAsync(Guid requestId, Guid authorId, CancellationToken ct)
    {
        // Where a standby that had not heard of the commit has taken over since, it is lost. Nothing is acknowledged then.
        var receipt = await db.ApiSubmissions.AsNoTracking().SingleOrDefaultAsync(s => s.AuthorId == authorId && s.RequestId == requestId, ct)
            ?? throw new NpgsqlException("The server that answers now has nothing of what another one took.");
        var revisions = await RevisionsAsync(requestId, authorId, ct);
        return new SubmissionAnswer
        {
            RequestId = requestId,
            At = receipt.At,
            Submitted = revisions.Count,
            Unchanged = receipt.Cells.Length - revisions.Count,
            Rows = [.. receipt.Cells.Select((cell, row) => new RowAnswer
            {
                Row = row,
                Cell = cell,
                Result = revisions.ContainsKey(cell) ? RowResult.Submitted : RowResult.Unchanged,
                Revision = revisions.GetValueOrDefault(cell)?.Number,
            })],
        };
    }

    private sealed record RevisionOfRequest(string Indicator, string Region, Period Period, int Number, RevisionState State, string? Reason, DateTimeOffset? ReviewedAt);

    private async Task<Dictionary<string, RevisionOfRequest>> RevisionsAsync(Guid requestId, Guid authorId, CancellationToken ct) =>
        (await db.Revisions.Where(r => r.RequestId == requestId && r.AuthorId == authorId)
            .Select(r => new RevisionOfRequest(r.Reading!.Indicator!.Code, r.Reading.Region!.Code, r.Reading.Period, r.Number, r.State, r.Reason, r.ReviewedAt)).ToListAsync(ct))
        .ToDictionary(r => $"{r.Indicator}/{r.Region}/{r.Period}", StringComparer.Ordinal);

    /// <summary>The cells the rows speak of, and codes that name nothing.</summary>
    private async Task<(List<CellKey> Keys, List<ProblemError> Unknown)> KeysAsync(CurrentPlan plan, SentReadings sent, CancellationToken ct)
    {
        string[] indicatorCodes = [.. sent.Rows.Select(r => r.Indicator).Distinct(StringComparer.Ordinal)], regionCodes = [.. sent.Rows.Select(r => r.Region).Distinct(StringComparer.Ordinal)];
        var indicators = await db.Indicators.Where(i => i.PlanId == plan.Id && indicatorCodes.Contains(i.Code)).ToDictionaryAsync(i => i.Code, i => i.Id, ct);
        var regions = await db.Regions.Where(r => r.RegionSet == plan.RegionSet && regionCodes.Contains(r.Code)).ToDictionaryAsync(r => r.Code, r => r.Id, ct);
        var (keys, unknown) = (new List<CellKey>(), new List<ProblemError>());
        foreach (var row in sent.Rows)
        {
            if (!indicators.TryGetValue(row.Indicator, out var indicator))
                unknown.Add(Error(row.Number, "indicator", "unknown-indicator", new("The plan has no such indicator.", "规划中没有该指标。")));
            if (!regions.TryGetValue(row.Region, out var region))
                unknown.Add(Error(row.Number, "region", "unknown-region", new("The plan has no such region.", "规划中没有该地区。")));
            keys.Add(new CellKey(indicator, region, row.Period));
        }

        return (keys, unknown);
    }

    /// <summary>A row says all it means: what a draft in the cell says besides does not come along.</summary>
    private static TypedCell CellOf(SentRow row, CellKey key) => new(key, row.Text)
    {
        Status = row.Status,
        Note = row.Note,
        Source = row.Source,
        Explanation = row.Explanation,
        BasedOn = row.BasedOn ?? 0,
        ReplacesWhatStands = row.BasedOn is null,
    };

    private static IReadOnlyList<ProblemError> ErrorsOf(IReadOnlyList<SubmissionFault> faults, List<CellKey> keys)
    {
        var rows = keys.Index().ToDictionary(k => k.Item, k => k.Index);
        return [.. faults.Select(f => new ProblemError
        {
            Row = f.Cell is { } cell ? rows[cell] : null,
            Field = FieldOf(f.Kind),
            Code = Kebab.Of(f.Kind),
            Message = SubmissionWords.Of(f).In(RequestLanguage.Current),
            Limit = f.Limit,
            LastRevision = f.Conflict?.LastNumber,
            Questions = f.Warnings.Count == 0 ? null : [.. f.Warnings.Select(Kebab.Of)],
        }).OrderBy(e => e.Row ?? -1)];
    }

    private static string? FieldOf(SubmissionFaultKind kind) => kind switch
    {
        SubmissionFaultKind.SourceMissing or SubmissionFaultKind.SourceTooLong => "source",
        SubmissionFaultKind.NoteTooLong => "note",
        SubmissionFaultKind.ExplanationTooLong or SubmissionFaultKind.Unexplained => "explanation",
        SubmissionFaultKind.PeriodNotOver or SubmissionFaultKind.WrongFrequency or SubmissionFaultKind.PeriodLocked => "period",
        SubmissionFaultKind.OutOfScope => "region",
        SubmissionFaultKind.ValueAndNoValue => "status",
        SubmissionFaultKind.Conflict => "basedOn",
        SubmissionFaultKind.SentBefore => "requestId",
        SubmissionFaultKind.NothingEntered or SubmissionFaultKind.UnsafeText => null,
        _ => "value",
    };

    private static ProblemError Error(int row, string field, string code, Bilingual message) =>
        new() { Row = row, Field = field, Code = code, Message = message.In(RequestLanguage.Current) };
}
