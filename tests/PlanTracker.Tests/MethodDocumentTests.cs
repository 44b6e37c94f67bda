using PlanTracker.Domain;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests;

/// <summary>The worked example of docs/method.md is what the methods say about the figures of the shipped plan.</summary>
public sealed class MethodDocumentTests
{
    [Fact]
    public async Task The_worked_example_holds()
    {
        var ct = TestContext.Current.CancellationToken;
        var document = await File.ReadAllTextAsync(Path.Combine(SeededPlan.RepositoryRoot, "docs", "method.md"), ct);
        var readings = (await File.ReadAllLinesAsync(Path.Combine(SeededPlan.PackageFolder, "readings", "national.csv"), ct))
            .Select(l => l.Split(',')).Where(f => f[0] == "I02").Select(f => new Observation(Period.Parse(f[2]), decimal.Parse(f[3], System.Globalization.CultureInfo.InvariantCulture)))
            .Where(o => o.Period.Year <= 2023);
        var one = new AssessmentCase
        {
            Better = Better.Increase,
            Baseline = new PathPoint(Period.Annual(2020), 9.89m),
            Targets = [new PathPoint(Period.Annual(2025), 12m)],
            Readings = [.. readings],
        };

        var assessment = Assessment.Of(one);

        assessment.Verdicts.Should().OnlyContain(v => document.Contains(v.Working), "every working stands in the document");
        assessment.Verdicts.Select(v => v.Status).Should().Equal(Status.Behind, Status.Behind, Status.Behind, Status.OnTrack, Status.Behind);
        assessment.Agreement.Should().Be(Agreement.OneStepApart);
        Rounding.Text(Pace.Of(one).Required!.Value, 2).Should().Be("0.54");
        Rounding.Text(Pace.Of(one).SinceBaseline!.Value, 2).Should().Be("0.34");
    }
}
