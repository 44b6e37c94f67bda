using System.Text.RegularExpressions;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Platform;

/// <summary>The promises of <c>docker-compose.scale.yml</c> and the files it mounts that can be read from them.</summary>
public sealed partial class ScaleComposeFileTests
{
    private const string Bound = "Database__StandbyMayBeBehind";
    private const string Connection = "environment/ConnectionStrings__PlanTracker";

    private static readonly ComposeFile One = ComposeFile.Read();
    private static readonly ComposeFile Scaled = ComposeFile.Read("docker-compose.scale.yml");
    private static readonly string[] Nodes = ["web1", "web2"];
    private static readonly string[] Servers = ["primary", "standby"];

    [Fact]
    public void Two_nodes_a_proxy_a_primary_a_standby_and_what_migrates() =>
        Scaled.Names("services").Should().BeEquivalentTo([.. Nodes, .. Servers, "proxy", "migrate"]);

    [Fact]
    public void The_nodes_are_alike_and_set_as_the_single_one_is_but_for_the_database()
    {
        var names = One.Names("services/web/environment");
        foreach (var node in Nodes)
        {
            Scaled.Names($"services/{node}/environment").Should().BeEquivalentTo(names.Append(Bound), "only here there is a standby to read from");
            foreach (var name in names.Where(n => !Connection.EndsWith(n, StringComparison.Ordinal)))
                Scaled[$"services/{node}/environment/{name}"].Should().Be(One[$"services/web/environment/{name}"]);
            Scaled.List($"services/{node}/healthcheck/test").Should().Equal(One.List("services/web/healthcheck/test"));
            Scaled[$"services/{node}/stop_grace_period"].Should().Be(One["services/web/stop_grace_period"]);
            Scaled[$"services/{node}/environment/{Bound}"].Should().Be(Scaled[$"services/{Nodes[0]}/environment/{Bound}"]);
            Scaled[$"services/{node}/{Connection}"].Should().Be(Scaled[$"services/{Nodes[0]}/{Connection}"]).And.Contain("Username=plantracker_app;").And.NotContain("POSTGRES_PASSWORD");
            Scaled.Names($"services/{node}").Should().NotContain("ports", "only the proxy is reached from outside");
        }
    }

    [Fact]
    public void Both_servers_are_named_to_everybody_and_exist()
    {
        foreach (var service in Nodes.Append("migrate"))
            Scaled[$"services/{service}/{Connection}"].Split(';')[0].Should().Be($"Host={string.Join(',', Servers)}");
        foreach (var server in Servers)
        {
            Scaled[$"services/{server}/image"].Should().Be(One["services/db/image"]);
            Scaled[$"services/migrate/depends_on/{server}/condition"].Should().Be("service_healthy", "without its standby the primary acknowledges nothing");
            var volume = Scaled.List($"services/{server}/volumes")[0].Split(':');
            volume.Should().Equal(server, "/var/lib/postgresql");
            Scaled.Names("volumes").Should().Contain(server);
        }
    }

    [Fact]
    public void All_have_health_checks_and_start_in_the_order_that_works()
    {
        foreach (var service in Scaled.Names("services").Where(s => s != "migrate"))
            Scaled.List($"services/{service}/healthcheck/test")[0].Should().Be("CMD");
        Scaled["services/standby/depends_on/primary/condition"].Should().Be("service_healthy");
        foreach (var node in Nodes)
        {
            Scaled[$"services/{node}/depends_on/migrate/condition"].Should().Be("service_completed_successfully");
            Scaled[$"services/proxy/depends_on/{node}/condition"].Should().Be("service_healthy");
        }
    }

    [Fact]
    public void Nobody_may_more_than_they_must()
    {
        foreach (var service in Scaled.Names("services"))
        {
            Scaled.List($"services/{service}/security_opt").Should().Equal("no-new-privileges:true");
            Scaled[$"services/{service}/restart"].Should().Be(service == "migrate" ? "no" : "unless-stopped");
            if (!Servers.Contains(service, StringComparer.Ordinal))
            {
                Scaled[$"services/{service}/read_only"].Should().Be("true");
                Scaled.List($"services/{service}/cap_drop").Should().Equal("ALL");
            }
        }
    }

    [Theory]
    [InlineData("services/primary/environment/REPLICATION_PASSWORD")]
    [InlineData("services/standby/environment/REPLICATION_PASSWORD")]
    [InlineData("services/primary/environment/POSTGRES_PASSWORD")]
    [InlineData($"services/web1/{Connection}")]
    public void Without_a_password_nothing_starts(string place) =>
        FluentActions.Invoking(() => ComposeFile.PutIn(Scaled[place], new Dictionary<string, string>(StringComparer.Ordinal))).Should().Throw<InvalidOperationException>();

    [Fact]
    public void What_is_mounted_is_there_and_the_proxy_knows_both_nodes()
    {
        var mounted = Scaled.Names("services").Where(s => Scaled.Names($"services/{s}").Contains("volumes", StringComparer.Ordinal))
            .SelectMany(s => Scaled.List($"services/{s}/volumes")).Select(v => v.Split(':')[0]).Where(v => v.StartsWith("./", StringComparison.Ordinal)).ToList();
        mounted.Should().HaveCount(3).And.OnlyContain(m => File.Exists(Path.Combine(SeededPlan.RepositoryRoot, m)));

        Upstream().Matches(Deployed("nginx.conf")).Select(m => m.Groups["node"].Value).Should().Equal(Nodes);
    }

    [Fact]
    public void The_standby_calls_itself_what_the_primary_waits_for_and_takes_the_slot_that_was_made_for_it()
    {
        var (primary, standby) = (Deployed("primary.sh"), Deployed("standby.sh"));

        primary.Should().Contain("synchronous_standby_names = 'standby'").And.Contain("pg_create_physical_replication_slot('standby')").And.Contain("create role replicator with replication");
        standby.Should().ContainAll("application_name=standby", "primary_slot_name = 'standby'", "user=replicator", "follows=${FOLLOWS:-primary}", "host=$follows", "synchronous_standby_names = ''");
        if (!OperatingSystem.IsWindows())
        {
            // What is not executable would be read into the shell of the image instead of run.
            File.GetUnixFileMode(Path.Combine(SeededPlan.RepositoryRoot, "deploy", "primary.sh")).Should().HaveFlag(UnixFileMode.OtherExecute);
        }
    }

    [Fact]
    public void After_a_failover_the_former_primary_follows_the_former_standby_as_that_did()
    {
        var swapped = ComposeFile.Read("deploy/swapped.yml");

        swapped.Names("services").Should().Equal("standby", "primary");
        swapped["services/standby/depends_on"].Should().Be("!reset {}", "what is the primary now waits for nobody");
        swapped["services/primary/depends_on/standby/condition"].Should().Be(Scaled["services/standby/depends_on/primary/condition"]);
        swapped["services/primary/environment/FOLLOWS"].Should().Be("standby");
        swapped["services/primary/environment/PGDATA"].Should().Be(Scaled["services/standby/environment/PGDATA"]);
        swapped["services/primary/user"].Should().Be(Scaled["services/standby/user"]);
        swapped.List("services/primary/command").Should().Equal(Scaled.List("services/standby/command"));
        Scaled.List("services/standby/volumes").Should().ContainSingle(v => v.StartsWith("./", StringComparison.Ordinal)).Which.Should().Be(swapped.List("services/primary/volumes").Single());
    }

    private static string Deployed(string file) => File.ReadAllText(Path.Combine(SeededPlan.RepositoryRoot, "deploy", file));

    [GeneratedRegex(@"^ +server (?<node>\w+):8080 resolve ", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Upstream();
}
