using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PlanTracker.Data.Migrations
{
    /// <inheritdoc />
    public partial class AuditTrail : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_audit_events_action_at_id",
                table: "audit_events",
                columns: new[] { "action", "at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_audit_events_actor_id_at_id",
                table: "audit_events",
                columns: new[] { "actor_id", "at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_audit_events_at_id",
                table: "audit_events",
                columns: new[] { "at", "id" });

            migrationBuilder.Sql(EmbeddedSql.Read("audit-hash"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // The functions stay: they give the same hashes as those before.
            migrationBuilder.DropIndex(
                name: "ix_audit_events_action_at_id",
                table: "audit_events");

            migrationBuilder.DropIndex(
                name: "ix_audit_events_actor_id_at_id",
                table: "audit_events");

            migrationBuilder.DropIndex(
                name: "ix_audit_events_at_id",
                table: "audit_events");
        }
    }
}
