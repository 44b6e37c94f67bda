using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.Razor;
using Microsoft.Extensions.WebEncoders;
using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Features.Shared;

/// <summary>How pages are found and put together: one folder for each slice, views beside their controller.</summary>
public static class Pages
{
    /// <summary>Where every page of a plan stands.</summary>
    public const string PlanRoute = "{lang:language}/plans/{plan}";

    /// <summary>As many fields as one form may hold: a cell each, and a few beside them.</summary>
    private const int MostFields = 15_100;

    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddControllersWithViews(o =>
            {
                o.Filters.Add<SecondFactorFilter>();
                // In this order: the second asks what the first found.
                o.Filters.Add<CurrentPlanFilter>();
                o.Filters.Add<LimitedReaderFilter>();
            })
            .Services.Configure<RazorViewEngineOptions>(o =>
            {
                o.ViewLocationFormats.Clear();
                o.ViewLocationFormats.Add("/Features/{1}/{0}.cshtml");
                o.ViewLocationFormats.Add("/Features/Shared/{0}.cshtml");
            });
        services.AddSingleton<KnownRegions>();
        // Nothing a form takes is longer than a few pages.
        services.Configure<FormOptions>(o => (o.ValueCountLimit, o.ValueLengthLimit) = (MostFields, 1 << 16));
        // Chinese text goes out as it is, not as character references.
        services.Configure<WebEncoderOptions>(o => o.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        return services;
    }
}

/// <summary>The plan a page speaks of.</summary>
public sealed record CurrentPlan
{
    public required int Id { get; init; }

    public required string Code { get; init; }

    public required Bilingual Name { get; init; }

    public required Period BaselinePeriod { get; init; }

    public required Period EndPeriod { get; init; }

    public required IReadOnlyList<int> MilestoneYears { get; init; }

    public required string RegionSet { get; init; }

    /// <summary>Differs from what it was as soon as a region does.</summary>
    public required int RegionsVersion { get; init; }

    /// <summary>Where it was published.</summary>
    public required string Source { get; init; }

    /// <summary>The region that stands for the whole.</summary>
    public required int RootRegionId { get; init; }

    public required string RootRegionCode { get; init; }

    public required Bilingual RootRegionName { get; init; }

    /// <summary>The day in the past the page shows; none: as it is now.</summary>
    public DateOnly? AsOf { get; init; }

    /// <summary>The day it was loaded first.</summary>
    public DateOnly? LoadedOn { get; init; }

    /// <summary>So many days before the day the page shows, but not before the plan was loaded: what came with the load is no news.</summary>
    public DateOnly NewsSince(int days)
    {
        var since = Day.Earlier(days);
        return LoadedOn > since && LoadedOn <= Day ? LoadedOn.Value : since;
    }

    /// <summary>Who reads, and whether only what lies in their own grants.</summary>
    public Reader Reader { get; init; }

    /// <summary>The method whose verdicts the page shows.</summary>
    public StatusMethod Method { get; init; } = StatusMethods.Path;

    /// <summary>The page shows what is kept in the standings: now, and by the plan's own method. Otherwise readings are judged for it.</summary>
    public bool AsItStands => AsOf is null && Method == StatusMethods.Path;

    /// <summary>The day the page shows, in UTC: the one in the past, or today.</summary>
    public DateOnly Day { get; init; }

    /// <summary>First day that counts.</summary>
    public DateOnly From => BaselinePeriod.End.AddDays(1);

    /// <summary>The last year that is over on <paramref name="day"/>, of those the plan runs.</summary>
    public Period LastYearOver(DateOnly day)
    {
        var last = Period.LastEnded(Frequency.Annual, day < EndPeriod.End ? day : EndPeriod.End);
        return last < BaselinePeriod ? BaselinePeriod : last;
    }

    /// <summary>Periods of the plan that are over on <paramref name="day"/>, earliest first.</summary>
    public IEnumerable<Period> PeriodsOver(Frequency frequency, DateOnly day)
    {
        var end = Period.LastEnded(frequency, day < EndPeriod.End ? day : EndPeriod.End);
        for (var period = Period.LastEnded(frequency, BaselinePeriod.End).Next(); period <= end; period = period.Next())
            yield return period;
    }

    /// <summary>Share of the plan's days that had passed by the end of <paramref name="day"/>, 0 to 1.</summary>
    public decimal Elapsed(DateOnly day)
    {
        var all = EndPeriod.End.DayNumber - BaselinePeriod.End.DayNumber;
        return Math.Clamp((decimal)(day.DayNumber - BaselinePeriod.End.DayNumber) / all, 0m, 1m);
    }
}

public static class CurrentPlanQueries
{
    public static IQueryable<CurrentPlan> CurrentPlans(this PlanDbContext db) =>
        from plan in db.Plans
        join root in db.Regions.Where(r => r.Kind == RegionKind.Country) on plan.RegionSet equals root.RegionSet
        orderby plan.Id
        select new CurrentPlan
        {
            Id = plan.Id,
            Code = plan.Code,
            Name = new Bilingual(plan.NameEn, plan.NameZh),
            BaselinePeriod = plan.BaselinePeriod,
            EndPeriod = plan.EndPeriod,
            MilestoneYears = plan.MilestoneYears,
            RegionSet = plan.RegionSet,
            RegionsVersion = plan.RegionsVersion,
            Source = plan.Source,
            LoadedOn = plan.LoadedOn,
            RootRegionId = root.Id,
            RootRegionCode = root.Code,
            RootRegionName = new Bilingual(root.ShortEn, root.ShortZh),
        };

    /// <summary>The plan named in the address; set for every action under <see cref="Pages.PlanRoute"/>.</summary>
    public static CurrentPlan Plan(this HttpContext context) =>
        context.Features.Get<CurrentPlan>() ?? throw new InvalidOperationException("The address names no plan.");
}
