using PlanTracker.Domain;

namespace PlanTracker.Tests.Domain;

public sealed class DistributionTests
{
    [Fact]
    public void Quartiles_lie_between_neighbours_as_in_R_and_Excel()
    {
        // quantile(c(7, 15, 36, 39, 40, 41)): 7, 20.25, 37.5, 39.75, 41
        Distribution.Of([40, 7, 36, 41, 15, 39]).Should().Be(new Distribution(6, 7, 20.25m, 37.5m, 39.75m, 41));
    }

    [Fact]
    public void One_value_is_its_own_distribution() => Distribution.Of([3.5m]).Should().Be(new Distribution(1, 3.5m, 3.5m, 3.5m, 3.5m, 3.5m));

    [Fact]
    public void No_value_has_none() => new Action(() => Distribution.Of([])).Should().Throw<ArgumentException>();
}
