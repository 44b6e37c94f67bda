using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace PlanTracker.Data.Migrations
{
    /// <inheritdoc />
    public partial class Vintages : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "shape",
                table: "targets",
                type: "character varying(32)",
                maxLength: 32,
                nullable: false,
                defaultValue: "linear");

            migrationBuilder.AddColumn<DateOnly>(
                name: "stated_on",
                table: "targets",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "document_en",
                table: "target_changes",
                type: "character varying(300)",
                maxLength: 300,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "document_zh",
                table: "target_changes",
                type: "character varying(300)",
                maxLength: 300,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<DateOnly>(
                name: "known_on",
                table: "target_changes",
                type: "date",
                nullable: false,
                defaultValue: new DateOnly(1, 1, 1));

            migrationBuilder.AddColumn<string>(
                name: "shape",
                table: "target_changes",
                type: "character varying(32)",
                maxLength: 32,
                nullable: false,
                defaultValue: "linear");

            migrationBuilder.AddColumn<string>(
                name: "verified",
                table: "target_changes",
                type: "character varying(20)",
                maxLength: 20,
                nullable: false,
                defaultValue: "yes");

            migrationBuilder.AddColumn<bool>(
                name: "national_target",
                table: "standings",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<DateOnly>(
                name: "known_on",
                table: "reading_revisions",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "published_on",
                table: "reading_revisions",
                type: "date",
                nullable: true);

            // What is there already counts from the day it was entered.
            migrationBuilder.Sql("""
                update reading_revisions set known_on = (coalesce(reviewed_at, created_at) at time zone 'UTC')::date where state in ('approved', 'superseded');
                alter table target_changes disable trigger user;
                update target_changes set known_on = (at at time zone 'UTC')::date;
                update target_changes c set document_en = t.document_en, document_zh = t.document_zh, verified = t.verified
                from targets t where t.indicator_id = c.indicator_id and t.code = c.code;
                alter table target_changes enable trigger user;
                """);

            migrationBuilder.CreateTable(
                name: "milestone_assessments",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    milestone_id = table.Column<int>(type: "integer", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    status = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    statement = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: false),
                    evidence = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: false),
                    author_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    request_id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    reviewer_id = table.Column<Guid>(type: "uuid", nullable: true),
                    reviewed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    reason = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    known_on = table.Column<DateOnly>(type: "date", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_milestone_assessments", x => x.id);
                    table.CheckConstraint("ck_milestone_assessments_known", "(known_on is null) = (state not in ('approved', 'superseded'))");
                    table.CheckConstraint("ck_milestone_assessments_own_approval", "reviewer_id is null or reviewer_id <> author_id");
                    table.CheckConstraint("ck_milestone_assessments_status", "status <> 'no-judgement'");
                    table.ForeignKey(
                        name: "fk_milestone_assessments_milestones_milestone_id",
                        column: x => x.milestone_id,
                        principalTable: "milestones",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_milestone_assessments_users_author_id",
                        column: x => x.author_id,
                        principalTable: "people",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_milestone_assessments_users_reviewer_id",
                        column: x => x.reviewer_id,
                        principalTable: "people",
                        principalColumn: "id");
                });

            migrationBuilder.AddCheckConstraint(
                name: "ck_targets_shape",
                table: "targets",
                sql: "shape = 'linear' or role = 'final'");

            migrationBuilder.AddCheckConstraint(
                name: "ck_reading_revisions_known",
                table: "reading_revisions",
                sql: "(known_on is null) = (state not in ('approved', 'superseded'))");

            migrationBuilder.CreateIndex(
                name: "ix_milestone_assessments_author_id",
                table: "milestone_assessments",
                column: "author_id");

            migrationBuilder.CreateIndex(
                name: "ix_milestone_assessments_milestone_id_number",
                table: "milestone_assessments",
                columns: new[] { "milestone_id", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_milestone_assessments_request_id",
                table: "milestone_assessments",
                column: "request_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_milestone_assessments_reviewer_id",
                table: "milestone_assessments",
                column: "reviewer_id");

            migrationBuilder.CreateIndex(
                name: "ux_milestone_assessments_one_approved",
                table: "milestone_assessments",
                column: "milestone_id",
                unique: true,
                filter: "state = 'approved'");

            migrationBuilder.CreateIndex(
                name: "ux_milestone_assessments_one_pending",
                table: "milestone_assessments",
                column: "milestone_id",
                unique: true,
                filter: "state in ('submitted', 'returned')");

            migrationBuilder.Sql(EmbeddedSql.Read("guards-of-vintages"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "milestone_assessments");

            migrationBuilder.DropCheckConstraint(
                name: "ck_targets_shape",
                table: "targets");

            migrationBuilder.DropCheckConstraint(
                name: "ck_reading_revisions_known",
                table: "reading_revisions");

            migrationBuilder.DropColumn(
                name: "shape",
                table: "targets");

            migrationBuilder.DropColumn(
                name: "stated_on",
                table: "targets");

            migrationBuilder.DropColumn(
                name: "document_en",
                table: "target_changes");

            migrationBuilder.DropColumn(
                name: "document_zh",
                table: "target_changes");

            migrationBuilder.DropColumn(
                name: "known_on",
                table: "target_changes");

            migrationBuilder.DropColumn(
                name: "shape",
                table: "target_changes");

            migrationBuilder.DropColumn(
                name: "verified",
                table: "target_changes");

            migrationBuilder.DropColumn(
                name: "national_target",
                table: "standings");

            migrationBuilder.DropColumn(
                name: "known_on",
                table: "reading_revisions");

            migrationBuilder.DropColumn(
                name: "published_on",
                table: "reading_revisions");
        }
    }
}
