using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Platform;

/// <summary>What whoever operates the site can put right ends the start with a sentence, before the database is touched.</summary>
public sealed class StartFaultTests(PublishedApplication published, TestCluster cluster)
{
    private const string NoServer = "Host=127.0.0.1;Port=1;Database=x;Username=y;Password=z";

    [Theory]
    [InlineData("Accounts__Sessions", "0", "Accounts:Sessions")]
    [InlineData("Accounts__RefusalsPerAddress", "0", "Accounts:RefusalsPerAddress")]
    [InlineData("Accounts__Sessions", "five", "'five' at 'Accounts:Sessions'")]
    [InlineData("Api__ReadsPerMinute", "0", "Api:ReadsPerMinute")]
    [InlineData("Site__Proxies", "10.1.2.3, the proxy", "Site:Proxies: 'the proxy' is neither an address")]
    [InlineData("Site__Https", "perhaps", "'perhaps' at 'Site:Https'")]
    [InlineData("OpenIdConnect__Authority", "nowhere", "OpenIdConnect:Authority is an address such as")]
    [InlineData("Keys__Certificate", "/nowhere.pem", "Keys:Certificate names /nowhere.pem")]
    [InlineData("Database__StandbyMayBeBehind", "5", "the connection string names one server")]
    public async Task A_setting_that_cannot_be_used_is_named(string name, string value, string sentence)
    {
        var output = await OutputAsync(NoServer, (name, value));

        output.Should().Contain(sentence).And.NotContain("   at ", "a stack trace tells an operator nothing").And.NotContain("Failed to connect");
    }

    [Theory]
    [InlineData("Mail__From", "nobody", "Mail:From is not an address")]
    [InlineData("Mail__PublicBaseUrl", "/here", "Mail:PublicBaseUrl is not an address")]
    [InlineData("Mail__Password", "secret", "Mail:Password would go over an open connection")]
    [InlineData("Mail__Port", "0", "Mail:Port is not a port")]
    public async Task With_a_mail_server_its_settings_are_looked_at_too(string name, string value, string sentence)
    {
        (string Name, string Value)[] mail = [("Mail__Host", "127.0.0.1"), ("Mail__Port", "25"), ("Mail__Security", "None"), ("Mail__From", "plan@example.org"), ("Mail__PublicBaseUrl", "https://plan.example.org")];

        (await OutputAsync(NoServer, [.. mail.Where(m => m.Name != name), (name, value)])).Should().Contain(sentence).And.NotContain("   at ");
    }

    [Fact]
    public async Task All_settings_that_cannot_be_used_are_named_at_once() =>
        (await OutputAsync(NoServer, ("Accounts__Sessions", "0"), ("Site__Proxies", "x"))).Should().Contain("Accounts:Sessions").And.Contain("Site:Proxies");

    [Fact]
    public async Task A_connection_string_that_cannot_be_read_is_named_without_its_password()
    {
        var output = await OutputAsync("Host=db;Nonsense=1;Password=not to be told");

        output.Should().Contain("ConnectionStrings:PlanTracker cannot be read").And.Contain("nonsense").And.NotContain("   at ").And.NotContain("not to be told");
    }

    [Fact]
    public async Task An_address_that_is_taken_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        // Log and sentence go to two streams, and come in any order.
        (await OutputAsync(NoServer, ("Kestrel__Endpoints__Http__Url", $"http://127.0.0.1:{port}"))).Split('\n', StringSplitOptions.TrimEntries)
            .Should().Contain($"Failed to bind to address http://127.0.0.1:{port}: address already in use.");
    }

    [Fact]
    public async Task An_address_that_is_none_is_named() =>
        (await OutputAsync(NoServer, ("Kestrel__Endpoints__Http__Url", "nonsense"))).Split('\n', StringSplitOptions.TrimEntries).Should().Contain("Invalid url: 'nonsense'");

    [Theory]
    [InlineData("digest", 1)]
    [InlineData("migrate", 1)]
    // 1 would say that the chain is broken.
    [InlineData("audit verify", 2)]
    public async Task A_command_without_its_database_says_so(string command, int exitCode)
    {
        var (exit, output) = await published.CommandAsync(NoServer, command.Split(' '));

        (exit, output.Contains("   at ", StringComparison.Ordinal)).Should().Be((exitCode, false));
        output.TrimEnd().Should().EndWith("The database does not answer: Failed to connect to 127.0.0.1:1 (Connection refused)");
    }

    [Theory]
    [InlineData("digest", 1)]
    [InlineData("audit verify", 2)]
    public async Task A_command_that_is_let_in_nowhere_says_so(string command, int exitCode)
    {
        var database = new NpgsqlConnectionStringBuilder(await cluster.EmptyDatabaseAsync()) { Username = "nobody_of_that_name", Password = "wrong" };

        var (exit, output) = await published.CommandAsync(database.ConnectionString, command.Split(' '));

        exit.Should().Be(exitCode);
        output.TrimEnd().Should().Contain("The database refuses the connection: ").And.NotContain("   at ");
    }

    private async Task<string> OutputAsync(string connectionString, params (string Name, string Value)[] variables)
    {
        var start = async () => await published.StartAsync(connectionString, variables);

        return (await start.Should().ThrowAsync<InvalidOperationException>()).Which.Message;
    }
}
