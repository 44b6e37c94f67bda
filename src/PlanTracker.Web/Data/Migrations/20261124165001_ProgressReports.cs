using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace PlanTracker.Data.Migrations
{
    /// <inheritdoc />
    public partial class ProgressReports : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {

            migrationBuilder.CreateTable(
                name: "evidence_files",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    media_type = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    size = table.Column<int>(type: "integer", nullable: false),
                    sha256 = table.Column<byte[]>(type: "bytea", nullable: false),
                    content = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_evidence_files", x => x.id);
                    table.CheckConstraint("ck_evidence_files_content", "size = length(content) and size > 0 and sha256 = sha256(content)");
                });

            migrationBuilder.CreateTable(
                name: "progress_reports",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    milestone_id = table.Column<int>(type: "integer", nullable: true),
                    item_id = table.Column<int>(type: "integer", nullable: true),
                    number = table.Column<int>(type: "integer", nullable: false),
                    status = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    stage = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    percent_complete = table.Column<int>(type: "integer", nullable: true),
                    confidence = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    statement = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: false),
                    evidence = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: false),
                    next_step = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    next_step_on = table.Column<DateOnly>(type: "date", nullable: true),
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
                    table.PrimaryKey("pk_progress_reports", x => x.id);
                    table.CheckConstraint("ck_progress_reports_confidence", "(confidence is null) = (stage is null or stage in ('completed', 'stopped'))");
                    table.CheckConstraint("ck_progress_reports_known", "(known_on is null) = (state not in ('approved', 'superseded'))");
                    table.CheckConstraint("ck_progress_reports_own_approval", "reviewer_id is null or reviewer_id <> author_id");
                    table.CheckConstraint("ck_progress_reports_percent", "percent_complete is null or (stage is not null and percent_complete between 0 and 100 and (stage <> 'completed' or percent_complete = 100) and (stage <> 'not-started' or percent_complete = 0))");
                    table.CheckConstraint("ck_progress_reports_stage", "stage is not null or milestone_id is not null");
                    table.CheckConstraint("ck_progress_reports_status", "(status is null) = (milestone_id is null) and status is distinct from 'no-judgement'");
                    table.CheckConstraint("ck_progress_reports_subject", "num_nonnulls(milestone_id, item_id) = 1");
                    table.ForeignKey(
                        name: "fk_progress_reports_elements_item_id",
                        column: x => x.item_id,
                        principalTable: "plan_elements",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_progress_reports_milestones_milestone_id",
                        column: x => x.milestone_id,
                        principalTable: "milestones",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_progress_reports_users_author_id",
                        column: x => x.author_id,
                        principalTable: "people",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_progress_reports_users_reviewer_id",
                        column: x => x.reviewer_id,
                        principalTable: "people",
                        principalColumn: "id");
                });

            migrationBuilder.CreateTable(
                name: "report_files",
                columns: table => new
                {
                    report_id = table.Column<long>(type: "bigint", nullable: false),
                    file_id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_report_files", x => new { x.report_id, x.file_id });
                    table.ForeignKey(
                        name: "fk_report_files_evidence_files_file_id",
                        column: x => x.file_id,
                        principalTable: "evidence_files",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_report_files_progress_reports_report_id",
                        column: x => x.report_id,
                        principalTable: "progress_reports",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_progress_reports_author_id",
                table: "progress_reports",
                column: "author_id");

            migrationBuilder.CreateIndex(
                name: "ix_progress_reports_item_id_number",
                table: "progress_reports",
                columns: new[] { "item_id", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_progress_reports_milestone_id_number",
                table: "progress_reports",
                columns: new[] { "milestone_id", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_progress_reports_request_id",
                table: "progress_reports",
                column: "request_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_progress_reports_reviewer_id",
                table: "progress_reports",
                column: "reviewer_id");

            migrationBuilder.CreateIndex(
                name: "ux_progress_reports_one_approved_of_goal",
                table: "progress_reports",
                column: "milestone_id",
                unique: true,
                filter: "state = 'approved'");

            migrationBuilder.CreateIndex(
                name: "ux_progress_reports_one_approved_of_item",
                table: "progress_reports",
                column: "item_id",
                unique: true,
                filter: "state = 'approved'");

            migrationBuilder.CreateIndex(
                name: "ux_progress_reports_one_pending_of_goal",
                table: "progress_reports",
                column: "milestone_id",
                unique: true,
                filter: "state in ('submitted', 'returned')");

            migrationBuilder.CreateIndex(
                name: "ux_progress_reports_one_pending_of_item",
                table: "progress_reports",
                column: "item_id",
                unique: true,
                filter: "state in ('submitted', 'returned')");

            migrationBuilder.CreateIndex(
                name: "ix_report_files_file_id",
                table: "report_files",
                column: "file_id");

            migrationBuilder.Sql(EmbeddedSql.Read("progress-reports"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "report_files");

            migrationBuilder.DropTable(
                name: "evidence_files");

            migrationBuilder.DropTable(
                name: "progress_reports");

            migrationBuilder.CreateTable(
                name: "milestone_assessments",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    author_id = table.Column<Guid>(type: "uuid", nullable: false),
                    milestone_id = table.Column<int>(type: "integer", nullable: false),
                    reviewer_id = table.Column<Guid>(type: "uuid", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    evidence = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: false),
                    known_on = table.Column<DateOnly>(type: "date", nullable: true),
                    number = table.Column<int>(type: "integer", nullable: false),
                    reason = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    request_id = table.Column<Guid>(type: "uuid", nullable: false),
                    reviewed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    state = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    statement = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: false),
                    status = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false)
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
        }
    }
}
