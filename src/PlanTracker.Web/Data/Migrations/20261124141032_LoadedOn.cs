using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PlanTracker.Data.Migrations
{
    /// <inheritdoc />
    public partial class LoadedOn : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateOnly>(
                name: "loaded_on",
                table: "plans",
                type: "date",
                nullable: true);

            migrationBuilder.Sql(
                "update plans set loaded_on = (select min(at at time zone 'UTC')::date from audit_events where action = 'plan.loaded' and subject = plans.code)");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "loaded_on",
                table: "plans");
        }
    }
}
