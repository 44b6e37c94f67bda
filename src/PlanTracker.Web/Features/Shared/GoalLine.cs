using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Features.Shared;

/// <summary>A goal in words and how far it is, as last approved; no report where there is none yet.</summary>
public sealed record GoalLine(int ElementId, string Code, int Year, Bilingual Text, string Source, ReportSummary? Report)
{
    public Status? Status => Report?.Status;
}

public static class GoalLineQueries
{
    /// <summary>These goals by year, as they are assessed or as they were on the day the page asks for.</summary>
    public static IQueryable<GoalLine> GoalLines(this PlanDbContext db, IQueryable<Milestone> milestones, CurrentPlan plan)
    {
        var known = db.ReportSummaries(plan);
        return milestones.OrderBy(m => m.Year).ThenBy(m => m.Id).Select(m => new GoalLine(
            m.ElementId, m.Code, m.Year, new Bilingual(m.GoalEn, m.GoalZh), m.Source, known.FirstOrDefault(r => r.MilestoneId == m.Id)));
    }
}
