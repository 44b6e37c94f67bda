using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PlanTracker.Data;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Pages;

/// <summary>How often a page asks the database, with the check of the session that comes once a minute.</summary>
public sealed class StatementTests(SeededPlan plan) : IClassFixture<SeededPlan>, IAsyncLifetime
{
    private const int Most = 12;
    private const string Mixed = "P-HTM-REV";

    private WebApplicationFactory<Program> _application = null!;

    public async ValueTask InitializeAsync()
    {
        _application = plan.Application.WithWebHostBuilder(host => host.ConfigureTestServices(services =>
            services.PostConfigure<SecurityStampValidatorOptions>(o => o.ValidationInterval = TimeSpan.Zero)));
        // The shipped plan has no indicator that the nation and the regions both report.
        await plan.WithAsync((db, _) => db.Indicators.Where(i => i.Code == Mixed).ExecuteUpdateAsync(i => i.SetProperty(p => p.ReportedBy, ReportedBy.Both)));
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    public static TheoryData<string, string> Pages => new(ReadPages.All);

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_takes_at_most_twelve_statements(string page, string reader)
    {
        using var visitor = await Visitor.SignedInAsync(_application, reader);
        foreach (var address in new[] { ReadPages.Address(page), ReadPages.Address(page, "2024-06-30"), ReadPages.Address(page, "2026-06-30") })
        {
            // What is read once in the life of the process, such as the keys, is not the page's.
            await visitor.PageAsync(address);
            using var statements = new SqlStatements(plan.ConnectionString);
            await visitor.PageAsync(address);

            statements.Texts.Should().HaveCountGreaterThan(1, "the statements are seen").And.HaveCountLessThanOrEqualTo(
                Most, "{0} must not ask more often; it asked\n{1}\n", address, statements.Summary);
        }
    }
}
