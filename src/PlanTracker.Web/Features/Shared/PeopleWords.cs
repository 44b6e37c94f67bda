using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Features.Shared;

/// <summary>A region with all below it, and of the plan all of it or one element.</summary>
public sealed record GrantedPlace(int Id, string RegionCode, Bilingual Region, string? ElementCode, Bilingual? Element);

/// <summary>Roles and scopes in words.</summary>
public static class PeopleWords
{
    public static Bilingual Of(string role) => role switch
    {
        Roles.Reporter => new("Reporter", "填报员"),
        Roles.Reviewer => new("Reviewer", "审核员"),
        Roles.Leader => new("Leader", "领导"),
        Roles.Analyst => new("Analyst", "分析员"),
        Roles.Administrator => new("Administrator", "系统管理员"),
        Roles.SecurityAdministrator => new("Security administrator", "安全管理员"),
        _ => new("Auditor", "审计员"),
    };

    /// <summary>What somebody in the role may do.</summary>
    public static Bilingual Meaning(string role) => role switch
    {
        Roles.Reporter => new("enters figures and progress, within the scope", "在授权范围内填报数据和进展"),
        Roles.Reviewer => new("approves or returns what others report, within the scope", "在授权范围内审核他人填报的内容"),
        Roles.Leader => new("sees every dashboard", "查看全部看板"),
        Roles.Analyst => new("sees every dashboard and takes figures away", "查看全部看板并下载数据"),
        Roles.Administrator => new("keeps targets, rules and rounds", "维护目标、校验规则和填报安排"),
        Roles.SecurityAdministrator => new("makes accounts, gives roles and scopes", "管理账户、角色和授权范围"),
        _ => new("reads the audit", "查看审计记录"),
    };

    public static async Task<IReadOnlyList<GrantedPlace>> PlacesOfAsync(this PlanDbContext db, Guid personId, CancellationToken ct) =>
        await db.ScopeGrants.Where(g => g.PersonId == personId).OrderBy(g => g.Region!.Position).ThenBy(g => g.Element!.Path)
            .Select(g => new GrantedPlace(g.Id, g.Region!.Code, new Bilingual(g.Region.ShortEn, g.Region.ShortZh), g.Element!.Code,
                g.Element == null ? null : new Bilingual(g.Element.TitleEn, g.Element.TitleZh))).ToListAsync(ct);
}
