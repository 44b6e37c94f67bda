namespace PlanTracker.Platform.LocalPostgres;

/// <summary>No PostgreSQL can be used: says where it was looked for and how to get one.</summary>
public sealed class PostgresNotFoundException(string wanted, IEnumerable<string> lookedAt) : Exception(
    $"""
    {wanted} was not found. Looked at:
    {string.Join('\n', lookedAt.Select(place => "  - " + place))}
    Any one of these three helps:
      1. Install PostgreSQL {PostgresBinaries.LowestMajor} or newer from the system's packages (Debian, Ubuntu: apt install postgresql).
      2. Let PlanTracker download {PostgresPackage.Name}, which needs the network once.
      3. Set ConnectionStrings__PlanTracker to the connection string of an existing server.
    """);
