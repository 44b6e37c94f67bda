using System.Globalization;
using System.Text;
using System.Text.Json;
using Npgsql;
using PlanTracker.Domain;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Exports;

/// <summary>Whatever text and number somebody stated comes out of every format as it was, read by somebody else's reader.</summary>
public sealed class HostileTextTests(SeededPlan plan) : IClassFixture<SeededPlan>, IAsyncLifetime
{
    private const string Plan = "/en/plans/14fyp-informatization";
    private const int Rows = 600;
    private const string FormulaSigns = "=+-@\t\r＝＋－＠";

    private static readonly string[] Pieces =
    [
        "\"", "\"\"", ",", ";", "\n", "\r\n", "\r", "\t", "=1+1", "+86", "-2", "@SUM(A1)", "＝1", "＋", "－", "＠", "007", "0.10", "1e5", "2023-01", "_x0041_", "_x000D_", "_X0041_",
        "_x00", "&amp;", "<b>", "]]>", "\u0001", "\u001F", "\u007F", "\uFFFE", "\uFFFF", "\u202E", "\u200F", "\u200B", "\uFEFF", "😀", "👩‍👩‍👧", "中国", "é", "e\u0301", " ", "  ", "'", "`", "\\", "\\n", "%", "null", "TRUE", "#N/A", "'=1",
    ];

    private readonly Dictionary<string, Stated> _stated = new(StringComparer.Ordinal);

    public async ValueTask InitializeAsync()
    {
        var random = new Random(20211227);
        await using var source = NpgsqlDataSource.Create(plan.ConnectionString);
        await using var connection = await source.OpenConnectionAsync();
        var cells = new List<(long Reading, long Revision, string Key)>();
        await using (var command = new NpgsqlCommand($"""
            select r.id, r.approved_revision_id, i.code || '|' || g.code || '|' || r.period from readings r join indicators i on i.id = r.indicator_id join regions g on g.id = r.region_id
            where r.value is not null order by r.id limit {Rows}
            """, connection))
        await using (var row = await command.ExecuteReaderAsync())
        {
            while (await row.ReadAsync())
                cells.Add((row.GetInt64(0), row.GetInt64(1), row.GetString(2)));
        }

        // What was stated is never changed here, except by somebody who goes round every guard.
        await using (var guards = new NpgsqlCommand("set session_replication_role = replica", connection))
            await guards.ExecuteNonQueryAsync();
        foreach (var (reading, revision, key) in cells)
        {
            var stated = new Stated(Number(random), Text(random, atLeast: 1), Text(random, atLeast: 0));
            _stated.Add(key, stated);
            await using var change = new NpgsqlCommand(
                "with v as (update reading_revisions set value = $1, source = $2, note = $3 where id = $4) update readings set value = $1 where id = $5", connection)
            {
                Parameters = { new() { Value = stated.Value }, new() { Value = stated.Source }, new() { Value = stated.Note.Length == 0 ? DBNull.Value : stated.Note }, new() { Value = revision }, new() { Value = reading } },
            };
            await change.ExecuteNonQueryAsync();
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("csv")]
    [InlineData("sdmx.csv")]
    [InlineData("zip")]
    public async Task A_program_reads_every_text_and_number_as_it_was_stated(string extension)
    {
        var rows = await StatedRowsAsync(extension);

        foreach (var (stated, row) in rows)
        {
            row["source"].Should().Be(stated.Source);
            row["note"].Should().Be(stated.Note);
            row["value"].Should().Be(Rounding.Exact(stated.Value));
        }
    }

    [Fact]
    public async Task A_spreadsheet_gets_the_same_but_no_formula()
    {
        foreach (var (stated, row) in await StatedRowsAsync("csv", "?profile=spreadsheet"))
        {
            row["source"].Should().Be(Harmless(stated.Source));
            row["note"].Should().Be(Harmless(stated.Note));
            row["value"].Should().Be(Rounding.Exact(stated.Value));
        }

        static string Harmless(string text) => text.Length > 0 && FormulaSigns.Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;
    }

    [Fact]
    public async Task A_workbook_holds_text_as_text_and_numbers_as_numbers_while_it_can_keep_all_their_digits()
    {
        foreach (var (stated, row) in await StatedRowsAsync("xlsx"))
        {
            row["source"].Should().Be(stated.Source);
            row["note"].Should().Be(stated.Note);
            var digits = new string([.. Rounding.Exact(stated.Value).Where(char.IsAsciiDigit)]).Trim('0').Length;
            if (digits <= 15)
                ((decimal)double.Parse(row["value"], CultureInfo.InvariantCulture)).Should().Be(stated.Value);
            else
                row["value"].Should().Be(Rounding.Exact(stated.Value), "a number with {0} digits would be shortened", digits);
        }
    }

    [Fact]
    public async Task JSON_holds_every_number_with_the_decimals_it_was_stated_with()
    {
        foreach (var (stated, row) in await StatedRowsAsync("json"))
            row["value"].Should().Be(Rounding.Exact(stated.Value));
    }

    [Fact]
    public async Task The_descriptor_of_a_package_says_rows_size_and_digest_of_each_of_its_files()
    {
        var zip = await DownloadAsync("readings.zip");

        using var descriptor = JsonDocument.Parse(ExportedRows.Entry(zip, "datapackage.json"));
        foreach (var resource in descriptor.RootElement.GetProperty("resources").EnumerateArray())
        {
            var file = ExportedRows.Entry(zip, resource.GetProperty("path").GetString()!);
            resource.GetProperty("bytes").GetInt64().Should().Be(file.Length);
            resource.GetProperty("hash").GetString().Should().Be("sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file)));
            var rows = ExportedRows.Csv(file);
            resource.GetProperty("rows").GetInt32().Should().Be(rows.Count).And.BePositive();
            resource.GetProperty("schema").GetProperty("fields").EnumerateArray().Select(f => f.GetProperty("name").GetString()).Should().Equal(rows[0].Keys);
        }
    }

    private async Task<List<(Stated Stated, Dictionary<string, string> Row)>> StatedRowsAsync(string extension, string query = "")
    {
        var rows = ExportedRows.Read(extension, await DownloadAsync($"readings.{extension}{query}"));
        var found = rows.Select(row => (Key: $"{row["indicator"]}|{row["region"]}|{row["period"]}", row)).Where(r => _stated.ContainsKey(r.Key))
            .Select(r => (_stated[r.Key], r.row)).ToList();
        found.Should().HaveCount(Rows);
        return found;
    }

    private async Task<byte[]> DownloadAsync(string address)
    {
        using var analyst = await Visitor.SignedInAsync(plan.Application, "analyst");
        return await analyst.Client.GetByteArrayAsync(new Uri($"{Plan}/{address}", UriKind.Relative));
    }

    private static string Text(Random random, int atLeast)
    {
        // Some as long as a source may be; most of a few pieces; a tenth without anything.
        var length = random.Next(10) switch { 0 => 1000, 1 => atLeast, _ => random.Next(1, 40) };
        var text = new StringBuilder();
        while (text.Length < length)
            text.Append(random.Next(3) == 0 ? ((char)random.Next('a', 'z' + 1)).ToString() : Pieces[random.Next(Pieces.Length)]);
        var whole = text.ToString();
        // Not in the middle of a pair.
        return whole.Length <= 1000 ? whole : whole[..(char.IsHighSurrogate(whole[999]) ? 999 : 1000)];
    }

    private static decimal Number(Random random)
    {
        var scale = random.Next(0, 11);
        var mantissa = random.NextInt64(0, (long)Math.Pow(10, random.Next(1, 19)));
        return new decimal((int)mantissa, (int)(mantissa >> 32), 0, random.Next(2) == 0, (byte)scale);
    }

    private sealed record Stated(decimal Value, string Source, string Note);
}
