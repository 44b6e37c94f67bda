using Microsoft.EntityFrameworkCore;
using Npgsql;
using PlanTracker.Data;

namespace PlanTracker.Tests.Data;

/// <summary>Which errors of the database say "try again, nothing is saved", and which are a fault of ours.</summary>
public sealed class PlanDatabaseTests
{
    [Theory]
    [InlineData("57P01", "shut down by an administrator")]
    [InlineData("57014", "the statement was broken off")]
    [InlineData("53300", "no connection is left")]
    [InlineData("08006", "the connection was lost")]
    [InlineData("25006", "a standby by now")]
    [InlineData("40001", "a standby had to go on")]
    [InlineData("40P01", "two wait for each other")]
    public void Who_is_told_so_may_send_again(string state, string why)
    {
        PlanDatabase.IsAway(new PostgresException("", "ERROR", "ERROR", state)).Should().BeTrue(why);
        PlanDatabase.IsAway(new DbUpdateException("", new PostgresException("", "ERROR", "ERROR", state))).Should().BeTrue(why);
    }

    [Theory]
    [InlineData("23505", "unique")]
    [InlineData("42501", "no right")]
    [InlineData("22001", "too long")]
    [InlineData("53100", "full: told in its own words")]
    public void What_the_database_refuses_is_none_of_these(string state, string why) =>
        PlanDatabase.IsAway(new PostgresException("", "ERROR", "ERROR", state)).Should().BeFalse(why);
}
