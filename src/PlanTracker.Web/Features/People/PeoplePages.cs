using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.People;

/// <summary>What state an account is in; a disabled one is nothing else.</summary>
public enum AccountState
{
    Active,

    /// <summary>No password was set yet.</summary>
    Waiting,

    /// <summary>Rests after too many wrong passwords.</summary>
    Locked,
    Disabled,
}

public sealed record PeopleFilter
{
    public string? Q { get; init; }

    public string? Role { get; init; }

    public string? State { get; init; }

    public int Page { get; init; } = 1;
}

public sealed record PeoplePage
{
    public const int Size = 100;

    public required PeopleFilter Filter { get; init; }

    public required int Count { get; init; }

    public required int Page { get; init; }

    public int Pages => Math.Max(1, (Count + Size - 1) / Size);

    public required IReadOnlyList<PersonLine> People { get; init; }
}

/// <summary>Somebody in the list, with the first of the granted regions and how many there are.</summary>
public sealed record PersonLine(
    Guid Id, string Name, string DisplayName, IReadOnlyList<string> Roles, Bilingual? Place, int Places, AccountState State, bool SecondFactor, DateTimeOffset? LastSignInAt);

/// <summary>The form as it comes back.</summary>
public sealed record PersonForm
{
    public string? Name { get; init; }

    public string? DisplayName { get; init; }

    public string? Email { get; init; }

    public string[] Roles { get; init; } = [];

    public bool ReadsOwnScopeOnly { get; init; }

    public string? BasedOn { get; init; }

    public StatedPerson ToStated() => new()
    {
        Name = Name,
        DisplayName = DisplayName,
        Email = Email,
        Roles = Roles,
        ReadsOwnScopeOnly = ReadsOwnScopeOnly,
        BasedOn = BasedOn,
    };
}

public sealed record NewPersonPage(PersonForm Form, PersonFault? Fault);

public sealed record PersonPage
{
    public required Person Person { get; init; }

    public required AccountState State { get; init; }

    public required IReadOnlyList<GrantedPlace> Places { get; init; }

    public required int Tokens { get; init; }

    public required int Passkeys { get; init; }

    /// <summary>Browsers they are signed in with now.</summary>
    public required int Sessions { get; init; }

    public required PersonForm Form { get; init; }

    /// <summary>The place that was refused, still chosen.</summary>
    public StatedPlace? Place { get; init; }

    /// <summary>What can be granted.</summary>
    public required IReadOnlyList<(int Id, string Code, Bilingual Name)> Regions { get; init; }

    public required IReadOnlyList<GrantablePlan> Plans { get; init; }

    /// <summary>Latest first.</summary>
    public required IReadOnlyList<PersonEvent> History { get; init; }

    public PersonFault? Fault { get; init; }

    /// <summary>The one-time code that was just made: the only time it is seen.</summary>
    public string? Code { get; init; }
}

/// <summary>What can be granted of a plan.</summary>
/// <param name="Plan">Its name.</param>
/// <param name="Elements">Its elements.</param>
/// <param name="Departments">Departments that lead some of them.</param>
public sealed record GrantablePlan(Bilingual Plan, IReadOnlyList<(int Id, string Code, Bilingual Title)> Elements, IReadOnlyList<(int Id, Bilingual Name, IReadOnlyList<LedPart> Leads)> Departments);

/// <summary>A part of the plan that a department leads.</summary>
/// <param name="Code">The element's.</param>
/// <param name="Illustrative">No published division of work says so.</param>
public sealed record LedPart(string Code, bool Illustrative);

public sealed record PersonEvent(DateTimeOffset At, string? Actor, string Action);

public static class PeopleQueries
{
    private const int MostEvents = 50;

    public static async Task<PeoplePage> PeoplePageAsync(this PlanDbContext db, PeopleFilter filter, DateTimeOffset now, CancellationToken ct)
    {
        var people = db.Users.AsNoTracking();
        if (filter.Q?.Trim() is { Length: > 0 } text)
        {
            var pattern = $"%{Escaped(text)}%";
            people = people.Where(p => EF.Functions.ILike(p.UserName!, pattern, "\\") || EF.Functions.ILike(p.DisplayName, pattern, "\\") || EF.Functions.ILike(p.Email ?? "", pattern, "\\"));
        }

        if (filter.Role is { Length: > 0 } role)
            people = people.Where(p => db.UserRoles.Any(m => m.UserId == p.Id && db.Roles.Any(r => r.Id == m.RoleId && r.Name == role)));
        if (Kebab.TryParse<AccountState>(filter.State ?? "", out var state))
        {
            people = state switch
            {
                AccountState.Disabled => people.Where(p => p.Disabled),
                AccountState.Waiting => people.Where(p => !p.Disabled && p.PasswordHash == null),
                AccountState.Locked => people.Where(p => !p.Disabled && p.LockoutEnd > now),
                _ => people.Where(p => !p.Disabled && p.PasswordHash != null && !(p.LockoutEnd > now)),
            };
        }

        var count = await people.CountAsync(ct);
        var page = Math.Clamp(filter.Page, 1, Math.Max(1, (count + PeoplePage.Size - 1) / PeoplePage.Size));
        var lines = await people.OrderBy(p => p.UserName).Skip((page - 1) * PeoplePage.Size).Take(PeoplePage.Size).Select(p => new
        {
            Person = p,
            Roles = db.UserRoles.Where(m => m.UserId == p.Id).Join(db.Roles, m => m.RoleId, r => r.Id, (_, r) => r.Name!).ToList(),
            Place = db.ScopeGrants.Where(g => g.PersonId == p.Id).OrderBy(g => g.Region!.Position).Select(g => new Bilingual(g.Region!.ShortEn, g.Region.ShortZh)).FirstOrDefault(),
            Places = db.ScopeGrants.Count(g => g.PersonId == p.Id),
        }).ToListAsync(ct);
        return new PeoplePage
        {
            Filter = filter,
            Count = count,
            Page = page,
            People = [.. lines.Select(l => new PersonLine(
                l.Person.Id, l.Person.UserName!, l.Person.DisplayName, InOrder(l.Roles), l.Place, l.Places, StateOf(l.Person, now), l.Person.TwoFactorEnabled, l.Person.LastSignInAt))],
        };
    }

    public static async Task<PersonPage?> PersonPageAsync(this PlanDbContext db, Guid id, DateTimeOffset now, CancellationToken ct)
    {
        if (await db.Users.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, ct) is not { } person)
            return null;
        var roles = await db.UserRoles.Where(m => m.UserId == id).Join(db.Roles, m => m.RoleId, r => r.Id, (_, r) => r.Name!).ToListAsync(ct);
        var subject = PersonStore.SubjectOf(person);
        var history = await (
            from audited in db.AuditEvents
            where audited.Subject == subject
            join actor in db.Users on audited.ActorId equals actor.Id into actors
            from actor in actors.DefaultIfEmpty()
            orderby audited.Id descending
            select new PersonEvent(audited.At, actor.DisplayName, audited.Action)).Take(MostEvents).ToListAsync(ct);
        var regions = await db.Regions.Where(r => r.Kind != RegionKind.Grouping).OrderBy(r => r.RegionSet).ThenBy(r => r.Path)
            .Select(r => new { r.Id, r.Code, r.ShortEn, r.ShortZh }).ToListAsync(ct);
        var elements = await db.Elements.OrderBy(e => e.Path).Select(e => new { e.PlanId, e.Id, e.Code, e.TitleEn, e.TitleZh }).ToListAsync(ct);
        var departments = await db.Departments.OrderBy(d => d.Code)
            .Select(d => new
            {
                d.PlanId,
                d.Id,
                d.NameEn,
                d.NameZh,
                Leads = db.Assignments.Where(a => a.DepartmentId == d.Id && a.Role == AssignmentRole.Lead).OrderBy(a => a.Element!.Position)
                    .Select(a => new LedPart(a.Element!.Code, a.Illustrative)).ToList(),
            }).ToListAsync(ct);
        var plans = await db.Plans.OrderBy(p => p.Id).Select(p => new { p.Id, p.NameEn, p.NameZh }).ToListAsync(ct);
        return new PersonPage
        {
            Person = person,
            State = StateOf(person, now),
            Places = await db.PlacesOfAsync(id, ct),
            Tokens = await db.ApiTokens.CountAsync(t => t.PersonId == id && t.RevokedAt == null && t.ExpiresAt > now, ct),
            Sessions = await db.Sessions.Where(PersonSession.IsOpen(now)).CountAsync(s => s.PersonId == id, ct),
            Passkeys = await db.UserPasskeys.CountAsync(k => k.UserId == id, ct),
            Form = new PersonForm
            {
                Name = person.UserName,
                DisplayName = person.DisplayName,
                Email = person.Email,
                Roles = [.. roles],
                ReadsOwnScopeOnly = person.ReadsOwnScopeOnly,
                BasedOn = PersonStore.Fingerprint(person, roles),
            },
            Regions = [.. regions.Select(r => (r.Id, r.Code, new Bilingual(r.ShortEn, r.ShortZh)))],
            Plans = [.. plans.Select(p => new GrantablePlan(
                new Bilingual(p.NameEn, p.NameZh),
                [.. elements.Where(e => e.PlanId == p.Id).Select(e => (e.Id, e.Code, new Bilingual(e.TitleEn, e.TitleZh)))],
                [.. departments.Where(d => d.PlanId == p.Id && d.Leads.Count > 0).Select(d => (d.Id, new Bilingual(d.NameEn, d.NameZh), (IReadOnlyList<LedPart>)d.Leads))]))],
            History = history,
        };
    }

    private static AccountState StateOf(Person person, DateTimeOffset now) =>
        person.Disabled ? AccountState.Disabled : person.LockoutEnd > now ? AccountState.Locked : person.PasswordHash is null ? AccountState.Waiting : AccountState.Active;

    private static IReadOnlyList<string> InOrder(IEnumerable<string> roles) => [.. Roles.All.Intersect(roles, StringComparer.Ordinal)];

    private static string Escaped(string text) => string.Concat(text.Select(c => c is '%' or '_' or '\\' ? $"\\{c}" : c.ToString(CultureInfo.InvariantCulture)));
}
