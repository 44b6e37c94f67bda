using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PlanTracker.Data.Migrations
{
    /// <inheritdoc />
    public partial class KnownOnIndex : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_reading_revisions_known_on",
                table: "reading_revisions",
                column: "known_on",
                filter: "known_on is not null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_reading_revisions_known_on",
                table: "reading_revisions");
        }
    }
}
