using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Indicators;

/// <summary>What a reader would like to try, as it stands in the address; text until it has been read strictly.</summary>
public sealed record WhatIfForm
{
    public string? IfTarget { get; init; }

    public string? IfBy { get; init; }

    public string? IfValue { get; init; }

    public string? IfPeriod { get; init; }

    public bool IsEmpty => string.IsNullOrWhiteSpace(IfTarget) && string.IsNullOrWhiteSpace(IfBy) && string.IsNullOrWhiteSpace(IfValue) && string.IsNullOrWhiteSpace(IfPeriod);
}

public enum WhatIfFault
{
    TargetNotANumber,
    NotAPeriod,
    ReadingNotANumber,

    /// <summary>A value without its period, or a period without its value.</summary>
    ReadingIncomplete,
    OutOfBounds,

    /// <summary>No way leads from the baseline to that target.</summary>
    NoWay,
}

/// <summary>Every method's answer as it is and as it would be.</summary>
public sealed record WhatIfPage
{
    public required WhatIfForm Form { get; init; }

    public required Assessment Now { get; init; }

    public Pace? NowPace { get; init; }

    public Assessment? Then { get; init; }

    public Pace? ThenPace { get; init; }

    public WhatIfFault? Fault { get; init; }

    public static WhatIfPage Of(IndicatorLine line, WhatIfForm form)
    {
        var one = line.Facts.Case;
        var page = new WhatIfPage { Form = form, Now = Assessment.Of(one) };
        if (form.IsEmpty)
            return page;
        if (FaultOf(line, form, out var whatIf) is { } fault)
            return page with { Fault = fault };
        return whatIf.Of(one) is { } changed
            ? page with { NowPace = Pace.Of(one), Then = Assessment.Of(changed), ThenPace = Pace.Of(changed) }
            : page with { Fault = WhatIfFault.NoWay };
    }

    private static WhatIfFault? FaultOf(IndicatorLine line, WhatIfForm form, out WhatIf whatIf)
    {
        whatIf = new WhatIf(null, null, null);
        if (!Number(form.IfTarget, out var target))
            return WhatIfFault.TargetNotANumber;
        if (!Number(form.IfValue, out var value))
            return WhatIfFault.ReadingNotANumber;
        if (!PeriodOf(form.IfBy, out var by) || !PeriodOf(form.IfPeriod, out var period))
            return WhatIfFault.NotAPeriod;
        if (value is null != period is null)
            return WhatIfFault.ReadingIncomplete;
        if (target < line.Min || target > line.Max || value < line.Min || value > line.Max)
            return WhatIfFault.OutOfBounds;
        whatIf = new WhatIf(target, by, value is { } v && period is { } p ? new Observation(p, v) : null);
        return null;
    }

    private static bool Number(string? text, out decimal? value) =>
        StrictNumber.Parse(text?.Trim() ?? "", StrictNumber.MaxDecimals, out value) == NumberFault.None;

    private static bool PeriodOf(string? text, out Period? period)
    {
        period = Period.TryParse(text?.Trim(), out var parsed) ? parsed : null;
        return period is not null || string.IsNullOrWhiteSpace(text);
    }
}
