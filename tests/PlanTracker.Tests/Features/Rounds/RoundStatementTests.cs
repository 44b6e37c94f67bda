using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Rounds;

/// <summary>How often the pages of a round ask the database, with the check of the session that comes once a minute.</summary>
public sealed class RoundStatementTests(TestCluster cluster) : IAsyncLifetime
{
    private readonly SeededPlan _plan = new(cluster);

    public async ValueTask InitializeAsync()
    {
        await _plan.InitializeAsync();
        var steps = new RoundSteps(_plan);
        await steps.OpenAsync();
        await steps.GrantAsync("zhejiang", null, "2090-01-01");
        await steps.GrantAsync(null, "330000", "2090-01-01");
    }

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Theory]
    [InlineData("administrator", "/rounds", "/rounds/new", "/rounds/y2025", "/rounds/y2025/edit", "/rounds/y2025/completeness", "/rounds/y2025/completeness.csv")]
    [InlineData("reporter", "/work", "/rounds", "/rounds/y2025", "/rounds/y2025/completeness")]
    public async Task A_page_of_rounds_takes_at_most_twelve_statements(string person, params string[] pages)
    {
        await using var application = _plan.Application.WithWebHostBuilder(host => host.ConfigureTestServices(services =>
            services.PostConfigure<SecurityStampValidatorOptions>(o => o.ValidationInterval = TimeSpan.Zero)));
        using var visitor = await Visitor.SignedInAsync(application, person);
        foreach (var page in pages)
        {
            await visitor.PageAsync("/en/plans/14fyp-informatization" + page);
            using var statements = new SqlStatements(_plan.ConnectionString);
            await visitor.PageAsync("/en/plans/14fyp-informatization" + page);

            statements.Texts.Should().HaveCountGreaterThan(1).And.HaveCountLessThanOrEqualTo(12, "{0} asked\n{1}\n", page, statements.Summary);
        }
    }
}
