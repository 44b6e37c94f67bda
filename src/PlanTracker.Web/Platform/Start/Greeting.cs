namespace PlanTracker.Platform.Start;

/// <summary>What a developer needs to know once the application serves: where it is, and who they can be.</summary>
public static class Greeting
{
    public static void AddGreeting(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
            return;

        app.Lifetime.ApplicationStarted.Register(() =>
        {
            if (app.Urls.Count == 0)
                return;
            Console.WriteLine();
            Console.WriteLine($"  PlanTracker is at {string.Join(" and ", app.Urls)}");
            Console.WriteLine($"  Demonstration accounts, all with the password \"{DemonstrationAccounts.Password}\":");
            foreach (var account in DemonstrationAccounts.All)
                Console.WriteLine($"    {account.Name,-16} {account.May.En}");
            Console.WriteLine("  Stop with Ctrl+C.");
            Console.WriteLine();
        });
    }
}
