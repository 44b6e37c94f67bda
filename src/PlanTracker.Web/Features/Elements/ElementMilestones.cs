using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;

namespace PlanTracker.Features.Elements;

/// <summary>A goal in words as an administrator adds it.</summary>
public sealed record MilestoneForm
{
    public int Year { get; init; }

    [Required, StringLength(Milestone.GoalLength)]
    public string GoalEn { get; init; } = "";

    [Required, StringLength(Milestone.GoalLength)]
    public string GoalZh { get; init; } = "";

    /// <summary>The document that states the goal.</summary>
    [Required, StringLength(Plan.SourceLength)]
    public string Source { get; init; } = "";
}

/// <summary>Adds goals to elements, with their trace.</summary>
public sealed class ElementMilestones(PlanDbContext db, TimeProvider clock)
{
    public async Task AddAsync(int elementId, string elementCode, MilestoneForm form, Guid actorId, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Database.ExecuteSqlAsync($"select 1 from plan_elements where id = {elementId} for update", ct);
        // The same form once more, because the answer to the first was lost.
        var (goalEn, goalZh) = (form.GoalEn.Trim(), form.GoalZh.Trim());
        if (await db.Milestones.AnyAsync(m => m.ElementId == elementId && m.Year == form.Year && m.GoalEn == goalEn && m.GoalZh == goalZh, ct))
        {
            await transaction.ConfirmAsync(db, ct);
            return;
        }

        var others = await db.Milestones.CountAsync(m => m.ElementId == elementId && m.Year == form.Year, ct);
        var milestone = new Milestone
        {
            ElementId = elementId,
            Code = FormattableString.Invariant($"{elementCode}-{form.Year}-{others + 1}"),
            Year = form.Year,
            GoalEn = goalEn,
            GoalZh = goalZh,
            Source = form.Source.Trim(),
        };
        db.Milestones.Add(milestone);
        db.AuditEvents.Add(new AuditEvent
        {
            At = clock.GetUtcNow(),
            ActorId = actorId,
            Action = "milestone.added",
            Subject = milestone.Code,
            Detail = JsonSerializer.Serialize(new { milestone.Year, milestone.GoalEn, milestone.GoalZh, milestone.Source }),
        });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
