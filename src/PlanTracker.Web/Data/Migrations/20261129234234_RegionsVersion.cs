using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PlanTracker.Data.Migrations
{
    /// <inheritdoc />
    public partial class RegionsVersion : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "regions_version",
                table: "plans",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.Sql(EmbeddedSql.Read("regions-version"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                drop trigger count_region_change on regions;
                drop trigger count_region_change on region_memberships;
                drop function count_region_change();
                """);

            migrationBuilder.DropColumn(
                name: "regions_version",
                table: "plans");
        }
    }
}
