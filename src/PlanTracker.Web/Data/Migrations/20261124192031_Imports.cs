using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace PlanTracker.Data.Migrations
{
    /// <inheritdoc />
    public partial class Imports : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_reading_revisions_known",
                table: "reading_revisions");

            migrationBuilder.AddColumn<int>(
                name: "import_id",
                table: "reading_revisions",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "known_until",
                table: "reading_revisions",
                type: "date",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "import_rows",
                columns: table => new
                {
                    import_id = table.Column<int>(type: "integer", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    line = table.Column<int>(type: "integer", nullable: false),
                    column = table.Column<int>(type: "integer", nullable: false),
                    indicator_id = table.Column<int>(type: "integer", nullable: true),
                    region_id = table.Column<int>(type: "integer", nullable: true),
                    period = table.Column<string>(type: "character varying(7)", maxLength: 7, nullable: true),
                    value = table.Column<decimal>(type: "numeric", nullable: true),
                    status = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    note = table.Column<string>(type: "text", nullable: true),
                    source = table.Column<string>(type: "text", nullable: true),
                    explanation = table.Column<string>(type: "text", nullable: true),
                    verdict = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    questions = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    fault = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    typed = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    limit = table.Column<decimal>(type: "numeric", nullable: true),
                    based_on = table.Column<int>(type: "integer", nullable: false),
                    before = table.Column<decimal>(type: "numeric", nullable: true),
                    status_before = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    waits = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_import_rows", x => new { x.import_id, x.position });
                });

            migrationBuilder.CreateTable(
                name: "imports",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    plan_id = table.Column<int>(type: "integer", nullable: false),
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    file_name = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    size = table.Column<long>(type: "bigint", nullable: false),
                    sha256 = table.Column<byte[]>(type: "bytea", nullable: false),
                    format = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    encoding = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    separator = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    sheet = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    header = table.Column<string[]>(type: "text[]", nullable: false),
                    columns = table.Column<string[]>(type: "text[]", nullable: false),
                    indicator = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    region = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    period = table.Column<string>(type: "character varying(7)", maxLength: 7, nullable: true),
                    source = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    explanation = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    state = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    bytes_done = table.Column<long>(type: "bigint", nullable: false),
                    rows_done = table.Column<int>(type: "integer", nullable: false),
                    rows = table.Column<int>(type: "integer", nullable: true),
                    @new = table.Column<int>(name: "new", type: "integer", nullable: false),
                    changed = table.Column<int>(type: "integer", nullable: false),
                    same = table.Column<int>(type: "integer", nullable: false),
                    blank = table.Column<int>(type: "integer", nullable: false),
                    errors = table.Column<int>(type: "integer", nullable: false),
                    questioned = table.Column<int>(type: "integer", nullable: false),
                    unexplained = table.Column<int>(type: "integer", nullable: false),
                    fault = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    fault_line = table.Column<int>(type: "integer", nullable: true),
                    fault_column = table.Column<int>(type: "integer", nullable: true),
                    fault_detail = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    cancel_asked = table.Column<bool>(type: "boolean", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    interrupted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    overtaken = table.Column<bool>(type: "boolean", nullable: false),
                    applied_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    applied_by_id = table.Column<Guid>(type: "uuid", nullable: true),
                    reverted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    reverted_by_id = table.Column<Guid>(type: "uuid", nullable: true),
                    revert_reason = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    kept = table.Column<int>(type: "integer", nullable: false),
                    replaced_by_id = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_imports", x => x.id);
                    table.ForeignKey(
                        name: "fk_imports_imports_replaced_by_id",
                        column: x => x.replaced_by_id,
                        principalTable: "imports",
                        principalColumn: "id");
                    table.ForeignKey(
                        name: "fk_imports_plans_plan_id",
                        column: x => x.plan_id,
                        principalTable: "plans",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_imports_users_applied_by_id",
                        column: x => x.applied_by_id,
                        principalTable: "people",
                        principalColumn: "id");
                    table.ForeignKey(
                        name: "fk_imports_users_person_id",
                        column: x => x.person_id,
                        principalTable: "people",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_imports_users_reverted_by_id",
                        column: x => x.reverted_by_id,
                        principalTable: "people",
                        principalColumn: "id");
                });

            migrationBuilder.CreateTable(
                name: "import_chunks",
                columns: table => new
                {
                    import_id = table.Column<int>(type: "integer", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    content = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_import_chunks", x => new { x.import_id, x.number });
                    table.ForeignKey(
                        name: "fk_import_chunks_imports_import_id",
                        column: x => x.import_id,
                        principalTable: "imports",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_reading_revisions_import_id",
                table: "reading_revisions",
                column: "import_id",
                filter: "import_id is not null");

            migrationBuilder.AddCheckConstraint(
                name: "ck_reading_revisions_known",
                table: "reading_revisions",
                sql: "(known_on is null) = (state not in ('approved', 'superseded', 'reverted'))");

            migrationBuilder.AddCheckConstraint(
                name: "ck_reading_revisions_until",
                table: "reading_revisions",
                sql: "(known_until is null) = (state <> 'reverted') and known_until >= known_on");

            migrationBuilder.CreateIndex(
                name: "ix_import_rows_questioned",
                table: "import_rows",
                columns: new[] { "import_id", "position" },
                filter: "questions is not null");

            migrationBuilder.CreateIndex(
                name: "ix_imports_applied_by_id",
                table: "imports",
                column: "applied_by_id");

            migrationBuilder.CreateIndex(
                name: "ix_imports_person_id",
                table: "imports",
                column: "person_id");

            migrationBuilder.CreateIndex(
                name: "ix_imports_plan_id_person_id_id",
                table: "imports",
                columns: new[] { "plan_id", "person_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_imports_replaced_by_id",
                table: "imports",
                column: "replaced_by_id");

            migrationBuilder.CreateIndex(
                name: "ix_imports_reverted_by_id",
                table: "imports",
                column: "reverted_by_id");

            migrationBuilder.CreateIndex(
                name: "ix_imports_under_way",
                table: "imports",
                column: "state",
                filter: "state in ('reading', 'applying', 'reverting')");

            migrationBuilder.AddForeignKey(
                name: "fk_reading_revisions_imports_import_id",
                table: "reading_revisions",
                column: "import_id",
                principalTable: "imports",
                principalColumn: "id");

            migrationBuilder.Sql(EmbeddedSql.Read("imports"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "fk_reading_revisions_imports_import_id",
                table: "reading_revisions");

            migrationBuilder.DropTable(
                name: "import_chunks");

            migrationBuilder.DropTable(
                name: "import_rows");

            migrationBuilder.DropTable(
                name: "imports");

            migrationBuilder.DropIndex(
                name: "ix_reading_revisions_import_id",
                table: "reading_revisions");

            migrationBuilder.DropCheckConstraint(
                name: "ck_reading_revisions_known",
                table: "reading_revisions");

            migrationBuilder.DropCheckConstraint(
                name: "ck_reading_revisions_until",
                table: "reading_revisions");

            migrationBuilder.DropColumn(
                name: "import_id",
                table: "reading_revisions");

            migrationBuilder.DropColumn(
                name: "known_until",
                table: "reading_revisions");

            migrationBuilder.AddCheckConstraint(
                name: "ck_reading_revisions_known",
                table: "reading_revisions",
                sql: "(known_on is null) = (state not in ('approved', 'superseded'))");
        }
    }
}
