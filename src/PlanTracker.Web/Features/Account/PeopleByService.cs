using Microsoft.AspNetCore.Identity;
using PlanTracker.Data;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Account;

/// <summary>
/// Finds the person whom another service names. The first time by the sign-in name, then by the service's own unchanging number of them: a name that is
/// given to somebody else later does not come with the account.
/// </summary>
public sealed class PeopleByService(UserManager<Person> people)
{
    public async Task<Person?> PersonAsync(ExternalLoginInfo known, ServiceOptions service)
    {
        if (await people.FindByLoginAsync(known.LoginProvider, known.ProviderKey) is { } person)
            return person;
        var name = known.Principal.FindFirst(service.NameClaim)?.Value;
        if (string.IsNullOrEmpty(name) || await people.FindByNameAsync(name) is not { Disabled: false } named || (await people.GetLoginsAsync(named)).Count > 0)
            return null;
        (await people.AddLoginAsync(named, known)).OrThrow();
        return named;
    }
}
