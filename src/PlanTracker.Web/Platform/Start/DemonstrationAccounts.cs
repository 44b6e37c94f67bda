using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Platform.Start;

/// <summary>One account for each kind of user, so that a developer can be each of them. In Development only.</summary>
public static class DemonstrationAccounts
{
    public const string Password = "demo plan tracker";

    public static readonly IReadOnlyList<DemonstrationAccount> All =
    [
        new("reporter", new("National reporter", "全国填报员"), Roles.Reporter, "CN", new("enters readings for the nation and every region", "填报全国及各地区数据")),
        new("zhejiang", new("Zhejiang reporter", "浙江填报员"), Roles.Reporter, "330000", new("enters readings for Zhejiang", "填报浙江数据")),
        new("reviewer", new("National reviewer", "全国审核员"), Roles.Reviewer, "CN", new("approves or returns readings", "审核通过或退回数据")),
        new("leader", new("Leader", "领导"), Roles.Leader, null, new("sees every dashboard", "查看全部看板")),
        new("analyst", new("Analyst", "分析员"), Roles.Analyst, null, new("takes figures away", "下载数据")),
        new("zhejiang-analyst", new("Zhejiang analyst", "浙江分析员"), Roles.Analyst, "330000", new("takes figures of Zhejiang away, sees no others", "仅可查看和下载浙江数据"))
        {
            ReadsOwnScopeOnly = true,
        },
        new("administrator", new("Administrator", "系统管理员"), Roles.Administrator, null, new("keeps targets and goals of the plan", "维护规划目标")),
        new("security", new("Security administrator", "安全管理员"), Roles.SecurityAdministrator, null, new("makes accounts, gives roles and scopes", "管理账户、角色和授权范围")),
        new("auditor", new("Auditor", "审计员"), Roles.Auditor, null, new("reads and verifies the audit", "查看并校验审计记录")),
    ];

    public static async Task EnsureAsync(IServiceProvider services, CancellationToken ct)
    {
        var people = services.GetRequiredService<UserManager<Person>>();
        var db = services.GetRequiredService<PlanDbContext>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var known = await db.Users.Select(p => p.UserName).ToListAsync(ct);

        foreach (var account in All.Where(a => !known.Contains(a.Name)))
        {
            var person = new Person { UserName = account.Name, DisplayName = account.Title.En, ReadsOwnScopeOnly = account.ReadsOwnScopeOnly, CreatedAt = now };
            (await people.CreateAsync(person, Password)).OrThrow();
            (await people.AddToRoleAsync(person, account.Role)).OrThrow();
            if (account.RegionCode is null)
                continue;
            // A database may hold other plans only, with other regions.
            if (await db.Regions.SingleOrDefaultAsync(r => r.RegionSet == "cn" && r.Code == account.RegionCode, ct) is not { } region)
                continue;
            db.ScopeGrants.Add(new ScopeGrant { PersonId = person.Id, RegionId = region.Id });
            await db.SaveChangesAsync(ct);
        }
    }
}

/// <param name="Name">Sign-in name.</param>
/// <param name="Title">Who it is.</param>
/// <param name="Role">Its role.</param>
/// <param name="RegionCode">Its scope, for those who enter or review, or who see no more than it.</param>
/// <param name="May">What it may do, in a few words.</param>
public sealed record DemonstrationAccount(string Name, Bilingual Title, string Role, string? RegionCode, Bilingual May)
{
    public bool ReadsOwnScopeOnly { get; init; }
}
