using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Platform;

/// <summary>The promises of the container files that can be read from them.</summary>
public sealed class ComposeFileTests
{
    private static readonly ComposeFile Compose = ComposeFile.Read();

    [Fact]
    public void The_database_is_postgresql_18_and_keeps_its_data_in_a_volume_where_that_image_wants_it()
    {
        Compose["services/db/image"].Should().Be("postgres:18");
        var volume = Compose.List("services/db/volumes").Should().ContainSingle().Which.Split(':');
        volume[1].Should().Be("/var/lib/postgresql");
        Compose.Names("volumes").Should().Contain(volume[0]);
    }

    [Fact]
    public void Site_and_database_have_a_health_check_and_the_site_waits_for_a_healthy_database()
    {
        Compose.List("services/db/healthcheck/test").Should().StartWith(["CMD", "pg_isready"]);
        Compose.List("services/web/healthcheck/test").Should().Contain(part => part.Contains("GET /health/ready", StringComparison.Ordinal));
        Compose["services/web/depends_on/db/condition"].Should().Be("service_healthy");
    }

    [Fact]
    public void The_schema_is_brought_up_to_date_by_its_owner_before_the_site_starts_as_a_role_of_its_own()
    {
        const string Connection = "environment/ConnectionStrings__PlanTracker";
        var command = Compose.List("services/migrate/command");

        command.Take(2).Should().Equal("migrate", "--grant-to");
        Compose["services/migrate/depends_on/db/condition"].Should().Be("service_healthy");
        Compose["services/web/depends_on/migrate/condition"].Should().Be("service_completed_successfully");
        Compose[$"services/migrate/{Connection}"].Should().Contain($"Username={Compose["services/db/environment/POSTGRES_USER"]};");
        Compose[$"services/web/{Connection}"].Should().Contain($"Username={command[2]};").And.NotContain("POSTGRES_PASSWORD");
        Compose.Names("services/web/environment").Should().NotContain("Database__MigrateOnStart");
    }

    [Theory]
    [InlineData("services/db/environment/POSTGRES_PASSWORD", "POSTGRES_PASSWORD")]
    [InlineData("services/migrate/environment/ConnectionStrings__PlanTracker", "POSTGRES_PASSWORD")]
    [InlineData("services/migrate/environment/Database__ApplicationPassword", "APPLICATION_PASSWORD")]
    [InlineData("services/web/environment/ConnectionStrings__PlanTracker", "APPLICATION_PASSWORD")]
    public void Without_a_password_nothing_starts(string place, string password)
    {
        var empty = new Dictionary<string, string>(StringComparer.Ordinal) { [password] = "" };
        var set = new Dictionary<string, string>(StringComparer.Ordinal) { [password] = "s3cret" };

        FluentActions.Invoking(() => ComposeFile.PutIn(Compose[place], empty)).Should().Throw<InvalidOperationException>().WithMessage($"{password}*");
        ComposeFile.PutIn(Compose[place], set).Should().Contain("s3cret");
    }

    [Fact]
    public void The_example_names_every_variable_and_gives_no_password()
    {
        var example = Lines(".env.example").Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split('=', 2)).ToDictionary(l => l[0], l => l[1], StringComparer.Ordinal);

        example.Keys.Should().BeEquivalentTo(Compose.Variables().Union(ComposeFile.Read("docker-compose.scale.yml").Variables(), StringComparer.Ordinal));
        example["POSTGRES_PASSWORD"].Should().BeEmpty();
        example["APPLICATION_PASSWORD"].Should().BeEmpty();
        example["REPLICATION_PASSWORD"].Should().BeEmpty();
    }

    [Fact]
    public void The_password_file_is_neither_committed_nor_part_of_an_image()
    {
        Lines(".gitignore").Should().Contain(".env");
        Lines(".dockerignore").Should().Contain("*").And.Contain("**/.env*").And.NotContain("!.env");
    }

    [Fact]
    public void The_site_runs_in_production_without_rights_and_is_open_to_this_machine_only()
    {
        var nothing = new Dictionary<string, string>(StringComparer.Ordinal);

        Compose["services/web/environment/ASPNETCORE_ENVIRONMENT"].Should().Be("Production");
        Compose.List("services/web/ports").Select(p => ComposeFile.PutIn(p, nothing)).Should().Equal("127.0.0.1:8080:8080");
        foreach (var service in new[] { "web", "migrate" })
        {
            Compose[$"services/{service}/read_only"].Should().Be("true");
            Compose.List($"services/{service}/tmpfs").Should().Equal("/tmp");
            Compose.List($"services/{service}/cap_drop").Should().Equal("ALL");
        }

        foreach (var service in Compose.Names("services"))
        {
            Compose.List($"services/{service}/security_opt").Should().Equal("no-new-privileges:true");
            Compose[$"services/{service}/restart"].Should().Be(service == "migrate" ? "no" : "unless-stopped", "{0} runs as often as it has to", service);
        }
    }

    [Fact]
    public void The_image_is_built_from_the_lock_files_and_does_not_run_as_root()
    {
        var lines = Lines("Dockerfile");

        lines.Where(l => l.StartsWith("FROM ", StringComparison.Ordinal)).Should()
            .Equal("FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build", "FROM mcr.microsoft.com/dotnet/aspnet:10.0");
        lines.Should().ContainSingle(l => l.StartsWith("RUN dotnet restore ", StringComparison.Ordinal)).Which.Should().EndWith(" --locked-mode");
        lines.Should().ContainSingle(l => l.StartsWith("USER ", StringComparison.Ordinal)).Which.Should().Be("USER $APP_UID");
    }

    private static string[] Lines(string file) => File.ReadAllLines(Path.Combine(SeededPlan.RepositoryRoot, file));
}
