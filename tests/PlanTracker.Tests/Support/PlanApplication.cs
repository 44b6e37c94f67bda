using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace PlanTracker.Tests.Support;

/// <summary>The whole application on a real database.</summary>
public sealed class PlanApplication(string connectionString, string environment = "Development", params (string Name, string Value)[] settings)
    : WebApplicationFactory<Program>
{
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(environment)
            .UseSetting("ConnectionStrings:PlanTracker", connectionString)
            .UseSetting("Serilog:MinimumLevel:Default", "Warning");
        foreach (var (name, value) in settings)
            builder.UseSetting(name, value);
    }
}
