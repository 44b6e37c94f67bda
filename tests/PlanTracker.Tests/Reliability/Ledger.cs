using System.Globalization;
using Npgsql;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Reliability;

/// <summary>What the writers were told, held against what the database holds.</summary>
/// <param name="Acknowledged">Figures whose writer was told that they were taken.</param>
/// <param name="Found">Of these, those that are there, in their cell and with their value.</param>
/// <param name="Doubled">Revisions beyond the first in a cell: each cell was written to once.</param>
/// <param name="SentAgain">Figures that were sent more than once.</param>
/// <param name="Unheard">Of these, those that had been taken before, with nobody told.</param>
internal sealed record Ledger(int Acknowledged, int Found, int Doubled, int SentAgain, int Unheard)
{
    private sealed record Row(Guid RequestId, string Cell, decimal Value);

    public int Lost => Acknowledged - Found;

    public static async Task<Ledger> HoldAsync(IReadOnlyList<SentFigure> figures, KeptServer server)
    {
        var rows = await RowsAsync(server);
        var ledger = Of(figures, rows);
        // What is held against what is sharp enough: one row less is missed, one twice is found.
        Of(figures, rows[1..]).Lost.Should().Be(ledger.Lost + 1);
        Of(figures, [.. rows, rows[0]]).Doubled.Should().Be(ledger.Doubled + 1);
        rows.Select(r => r.RequestId).Except(figures.Select(f => f.RequestId)).Should().BeEmpty("nobody else wrote");
        (await server.AskAsync<long>("select count(*) from audit_events where action = 'reading.submitted'")).Should().Be(rows.Count, "each has its audit event");
        (await server.AskAsync<long>("select count(*) from api_submissions")).Should().Be(rows.Count, "and its receipt");
        return ledger;
    }

    /// <summary>Nothing that was acknowledged is missing, and nothing is there twice.</summary>
    public Ledger ShouldBeKept()
    {
        Acknowledged.Should().BeGreaterThan(0);
        Lost.Should().Be(0, "{0}", this);
        Doubled.Should().Be(0, "{0}", this);
        Unheard.Should().BeGreaterThan(0, "some were sent again that were there already: {0}", this);
        return this;
    }

    /// <summary>Writes the line that stands in docs/reliability.md into the output of the test.</summary>
    public void Tell(string fault, TimeSpan servesAgain) => Tell(fault, string.Create(
        CultureInfo.InvariantCulture, $"acknowledged {Acknowledged}, found {Found}, doubled {Doubled}, sent again {SentAgain}, of these there already {Unheard}; serves again after {servesAgain.TotalSeconds:0.0} s"));

    public static void Tell(string fault, string figures) => TestContext.Current.TestOutputHelper!.WriteLine($"{fault}: {figures}");

    private static Ledger Of(IReadOnlyList<SentFigure> figures, List<Row> rows)
    {
        var there = rows.ToHashSet();
        var acknowledged = figures.Where(f => f.Acknowledged).ToList();
        return new Ledger(
            acknowledged.Count,
            acknowledged.Count(f => there.Contains(new Row(f.RequestId, f.Cell, f.Value))),
            rows.GroupBy(r => r.Cell).Sum(c => c.Count() - 1),
            figures.Count(f => f.Tries > 1),
            figures.Count(f => f.WasThere));
    }

    private static async Task<List<Row>> RowsAsync(KeptServer server)
    {
        await using var connection = await server.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"""
            select v.request_id, i.code || '/' || g.code || '/' || r.period, v.value
            from reading_revisions v join readings r on r.id = v.reading_id join indicators i on i.id = r.indicator_id join regions g on g.id = r.region_id
            where i.code = '{Writers.Indicator}' and r.period < '{Writers.YearsBefore}'
            """, connection);
        await using var found = await command.ExecuteReaderAsync();
        var rows = new List<Row>();
        while (await found.ReadAsync())
            rows.Add(new Row(found.GetGuid(0), found.GetString(1), found.GetDecimal(2)));
        return rows;
    }
}
