using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace PlanTracker.Data.Migrations
{
    /// <inheritdoc />
    public partial class Drafts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "explanation",
                table: "reading_revisions",
                type: "character varying(1000)",
                maxLength: 1000,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "questions",
                table: "reading_revisions",
                type: "character varying(100)",
                maxLength: 100,
                nullable: true);

            migrationBuilder.AddColumn<decimal>(
                name: "rules_ask_jump",
                table: "indicators",
                type: "numeric",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "rules_ask_outlier",
                table: "indicators",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "rules_ask_unit_slip",
                table: "indicators",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "rules_cumulative",
                table: "indicators",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "rules_kept",
                table: "indicators",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<decimal>(
                name: "rules_sum_tolerance",
                table: "indicators",
                type: "numeric",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "reading_comments",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    reading_id = table.Column<long>(type: "bigint", nullable: false),
                    text = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: false),
                    author_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reading_comments", x => x.id);
                    table.ForeignKey(
                        name: "fk_reading_comments_people_author_id",
                        column: x => x.author_id,
                        principalTable: "people",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_reading_comments_readings_reading_id",
                        column: x => x.reading_id,
                        principalTable: "readings",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "reading_drafts",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    indicator_id = table.Column<int>(type: "integer", nullable: false),
                    region_id = table.Column<int>(type: "integer", nullable: false),
                    period = table.Column<string>(type: "character varying(7)", maxLength: 7, nullable: false),
                    value = table.Column<decimal>(type: "numeric", nullable: true),
                    status = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    note = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    source = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    explanation = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    based_on = table.Column<int>(type: "integer", nullable: false),
                    author_id = table.Column<Guid>(type: "uuid", nullable: false),
                    saved_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reading_drafts", x => x.id);
                    table.CheckConstraint("ck_reading_drafts_value", "(value is null) = (status in ('L', 'M', 'O', 'Q'))");
                    table.ForeignKey(
                        name: "fk_reading_drafts_indicators_indicator_id",
                        column: x => x.indicator_id,
                        principalTable: "indicators",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_reading_drafts_people_author_id",
                        column: x => x.author_id,
                        principalTable: "people",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_reading_drafts_regions_region_id",
                        column: x => x.region_id,
                        principalTable: "regions",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_reading_comments_author_id",
                table: "reading_comments",
                column: "author_id");

            migrationBuilder.CreateIndex(
                name: "ix_reading_comments_reading_id",
                table: "reading_comments",
                column: "reading_id");

            migrationBuilder.CreateIndex(
                name: "ix_reading_drafts_author_id",
                table: "reading_drafts",
                column: "author_id");

            migrationBuilder.CreateIndex(
                name: "ix_reading_drafts_indicator_id_region_id_period",
                table: "reading_drafts",
                columns: new[] { "indicator_id", "region_id", "period" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_reading_drafts_region_id",
                table: "reading_drafts",
                column: "region_id");

            migrationBuilder.Sql(EmbeddedSql.Read("guards-of-entry"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "reading_comments");

            migrationBuilder.DropTable(
                name: "reading_drafts");

            migrationBuilder.DropColumn(
                name: "explanation",
                table: "reading_revisions");

            migrationBuilder.DropColumn(
                name: "questions",
                table: "reading_revisions");

            migrationBuilder.DropColumn(
                name: "rules_ask_jump",
                table: "indicators");

            migrationBuilder.DropColumn(
                name: "rules_ask_outlier",
                table: "indicators");

            migrationBuilder.DropColumn(
                name: "rules_ask_unit_slip",
                table: "indicators");

            migrationBuilder.DropColumn(
                name: "rules_cumulative",
                table: "indicators");

            migrationBuilder.DropColumn(
                name: "rules_kept",
                table: "indicators");

            migrationBuilder.DropColumn(
                name: "rules_sum_tolerance",
                table: "indicators");
        }
    }
}
