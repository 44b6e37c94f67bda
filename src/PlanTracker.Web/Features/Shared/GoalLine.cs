using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Features.Shared;

/// <summary>A goal in words and how far it is, as last approved; no status where it is not assessed yet.</summary>
public sealed record GoalLine(int ElementId, string Code, int Year, Bilingual Text, string Source, Status? Status);

public static class GoalLineQueries
{
    /// <summary>These goals by year, as they are assessed or as they were on the day the page asks for.</summary>
    public static IQueryable<GoalLine> GoalLines(this PlanDbContext db, IQueryable<Milestone> milestones, CurrentPlan plan)
    {
        var known = db.KnownAssessments(plan.AsOf);
        return milestones.OrderBy(m => m.Year).ThenBy(m => m.Id).Select(m => new GoalLine(
            m.ElementId, m.Code, m.Year, new Bilingual(m.GoalEn, m.GoalZh), m.Source,
            known.Where(a => a.MilestoneId == m.Id).Select(a => (Status?)a.Status).FirstOrDefault()));
    }
}
