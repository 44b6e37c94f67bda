using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PlanTracker.Data.Migrations
{
    /// <inheritdoc />
    public partial class Denominators : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "denominator_id",
                table: "indicators",
                type: "integer",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_indicators_denominator_id",
                table: "indicators",
                column: "denominator_id");

            migrationBuilder.AddForeignKey(
                name: "fk_indicators_indicators_denominator_id",
                table: "indicators",
                column: "denominator_id",
                principalTable: "indicators",
                principalColumn: "id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "fk_indicators_indicators_denominator_id",
                table: "indicators");

            migrationBuilder.DropIndex(
                name: "ix_indicators_denominator_id",
                table: "indicators");

            migrationBuilder.DropColumn(
                name: "denominator_id",
                table: "indicators");
        }
    }
}
