using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PlanTracker.Data.Migrations
{
    /// <inheritdoc />
    public partial class LargePlanIndexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_readings_approved",
                table: "readings");

            migrationBuilder.CreateIndex(
                name: "ix_readings_approved",
                table: "readings",
                columns: new[] { "indicator_id", "period_end", "region_id" },
                filter: "status is not null")
                .Annotation("Npgsql:IndexInclude", new[] { "value", "period" });

            migrationBuilder.CreateIndex(
                name: "ix_reading_revisions_known_until",
                table: "reading_revisions",
                column: "known_until",
                filter: "known_until is not null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_readings_approved",
                table: "readings");

            migrationBuilder.DropIndex(
                name: "ix_reading_revisions_known_until",
                table: "reading_revisions");

            migrationBuilder.CreateIndex(
                name: "ix_readings_approved",
                table: "readings",
                columns: new[] { "indicator_id", "period_end", "region_id" },
                filter: "status is not null")
                .Annotation("Npgsql:IndexInclude", new[] { "value" });
        }
    }
}
