using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PlanTracker.Data.Migrations
{
    /// <inheritdoc />
    public partial class ReadingsOfSeriesIndex : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_readings_indicator_id_region_id_period",
                table: "readings");

            migrationBuilder.CreateIndex(
                name: "ix_readings_indicator_id_region_id_period",
                table: "readings",
                columns: new[] { "indicator_id", "region_id", "period" },
                unique: true)
                .Annotation("Npgsql:IndexInclude", new[] { "value", "status", "period_end" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_readings_indicator_id_region_id_period",
                table: "readings");

            migrationBuilder.CreateIndex(
                name: "ix_readings_indicator_id_region_id_period",
                table: "readings",
                columns: new[] { "indicator_id", "region_id", "period" },
                unique: true);
        }
    }
}
