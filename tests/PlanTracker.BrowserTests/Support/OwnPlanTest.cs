using PlanTracker.Tests.Support;

namespace PlanTracker.BrowserTests.Support;

/// <summary>A browser test with an application and a database for itself alone, because it changes something.</summary>
public abstract class OwnPlanTest : BrowserTest
{
    private readonly ServedPlan _served;

    protected OwnPlanTest(TestCluster cluster, Browser browser)
        : this(new ServedPlan(cluster), browser)
    {
    }

    private OwnPlanTest(ServedPlan served, Browser browser)
        : base(served, browser) => _served = served;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await _served.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        try
        {
            await base.DisposeAsync();
        }
        finally
        {
            await _served.DisposeAsync();
            GC.SuppressFinalize(this);
        }
    }
}
