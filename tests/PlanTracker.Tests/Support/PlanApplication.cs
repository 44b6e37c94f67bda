using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using PlanTracker.Features.Imports;

namespace PlanTracker.Tests.Support;

/// <summary>The whole application on a real database.</summary>
public sealed class PlanApplication(string connectionString, string environment = "Development", params (string Name, string Value)[] settings)
    : WebApplicationFactory<Program>
{
    /// <summary>Imports wait until a test works on them itself, by its own clock.</summary>
    public bool ImportsWait { get; init; }

    /// <summary>Whether a session still stands is asked with every request, not once a minute.</summary>
    public bool SessionsCheckedAlways { get; init; }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(environment)
            .UseSetting("ConnectionStrings:PlanTracker", connectionString)
            .UseSetting("Serilog:MinimumLevel:Default", "Warning")
            // Tests of one class sign the same people in, again and again.
            .UseSetting("Accounts:Sessions", "1000");
        foreach (var (name, value) in settings)
            builder.UseSetting(name, value);
        // Of a password that everybody knows nobody has to be kept from guessing: signing in is most of what many tests do.
        builder.ConfigureTestServices(services => services.PostConfigure<PasswordHasherOptions>(o => o.IterationCount = 1000));
        if (SessionsCheckedAlways)
            builder.ConfigureTestServices(services => services.PostConfigure<SecurityStampValidatorOptions>(o => o.ValidationInterval = TimeSpan.Zero));
        if (ImportsWait)
            builder.ConfigureTestServices(services => services.Remove(services.Single(s => s.ImplementationType == typeof(ImportService))));
    }
}
