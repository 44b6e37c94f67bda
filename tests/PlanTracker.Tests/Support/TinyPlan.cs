using System.Text;

namespace PlanTracker.Tests.Support;

/// <summary>
/// A plan package of a few lines in a folder of its own: other years, other regions and other elements than the shipped plan, half-yearly and
/// quarterly figures, and one indicator that is better lower. Line breaks inside fields stand early in several files, so that a reader which
/// counts rows instead of lines is found out.
/// </summary>
public sealed class TinyPlan : IDisposable
{
    public const string Code = "isles-libraries";

    private static readonly Dictionary<string, string> Files = new(StringComparer.Ordinal)
    {
        ["plan.csv"] = """
            code,name_en,name_zh,issuer_en,issuer_zh,issued_on,baseline_period,end_period,milestone_years,regions,groupings,source,note
            isles-libraries,Library Plan of the Isles,群岛图书馆规划,Council of the Isles,群岛议会,2029-12-01,2029,2034,2031;2034,isles.csv,rings.csv,Gazette of the Isles 12,
            """,
        ["isles.csv"] = """
            code,kind,parent,name_en,name_zh,short_en,short_zh,iso,group_type,reports,tile_col,tile_row,valid_from,valid_to,source,note
            ISLES,country,,The Isles,群岛联邦,Isles,群岛,,,yes,,,,,Gazette of the Isles 1,"the whole
            of the isles"
            NORTH,unit,ISLES,North Isle,北岛,North,北岛,,,yes,1,1,,,Gazette of the Isles 1,
            SOUTH,unit,ISLES,South Isle,南岛,South,南岛,,,yes,1,2,,,Gazette of the Isles 1,
            COVE,unit,SOUTH,Cove,小湾,Cove,小湾,,,no,,,,,Gazette of the Isles 1,
            RING,grouping,,Outer Ring,外环,Ring,外环,,strategic,no,,,,,Gazette of the Isles 1,
            """,
        ["rings.csv"] = """
            grouping,region,note
            RING,NORTH,
            RING,COVE,
            """,
        ["elements.csv"] = """
            code,kind,parent,title_en,title_zh,title_zh_basis,summary_en,summary_zh,source
            O-READ,objective,,Everybody reads,人人阅读,published,"Reading is open
            to everybody.",阅读向所有人开放。,ch. 1
            K-HALLS,task,,Open reading halls,开放阅览室,published,Halls open on both isles.,两岛开放阅览室。,ch. 2
            K-HALLS.1,focus-area,K-HALLS,Quiet rooms,安静空间,translated,Rooms for work.,供学习使用的房间。,ch. 2
            K-BOATS,project,K-HALLS,Book boats,图书船,published,Boats that bring books.,运送图书的船。,ch. 2
            K-BOATS.1,project-item,K-BOATS,Two new boats,两艘新船,published,Two boats are built.,建造两艘船。,ch. 2
            """,
        ["links.csv"] = """
            from,to,basis
            K-HALLS,O-READ,plan text
            """,
        ["indicators.csv"] = """
            code,name_en,name_zh,unit_en,unit_zh,decimals,direction,min,max,frequency,measure,aggregation,weight,reported_by,due,headline,group_en,group_zh,elements,mapping_basis,definition_en,definition_zh,verified,source,note
            BOOKS,Books on shelves,馆藏图书,thousand,千册,1,increase,0,,S,stock,sum,,both,yes,yes,Halls,阅览室,O-READ;K-HALLS,plan text,"Books that can be borrowed,
            counted at the end of the half-year.",可供外借的图书。,yes,Gazette of the Isles 12,
            WAIT,Days until a book arrives,图书等待天数,days,天,2,decrease,0,365,Q,rate,weighted-mean,BOOKS,both,yes,yes,Boats,图书船,K-BOATS,plan text,,,yes,Gazette of the Isles 12,
            LOANS,Loans in the year,年度外借量,thousand,千次,0,increase,,,A,flow,sum,,national,yes,no,Halls,阅览室,K-HALLS,plan text,,,target only,Gazette of the Isles 12,
            """,
        ["targets.csv"] = """
            code,indicator,region,period,role,value,shape,document_en,document_zh,stated_on,source,verified,note
            BOOKS-B,BOOKS,ISLES,2029-S2,baseline,100.0,,Library Plan,图书馆规划,2029-12-01,Gazette of the Isles 12,yes,"counted
            twice"
            BOOKS-M,BOOKS,ISLES,2031-S2,interim,140,,Library Plan,图书馆规划,2029-12-01,Gazette of the Isles 12,yes,
            BOOKS-F,BOOKS,ISLES,2034-S2,final,200.0,,Library Plan,图书馆规划,2029-12-01,Gazette of the Isles 12,yes,
            BOOKS-R,BOOKS,ISLES,2034-S2,reference,220,,Outlook,展望,,Outlook 3,yes,
            WAIT-B,WAIT,ISLES,2029-Q4,baseline,30,,Library Plan,图书馆规划,2029-12-01,Gazette of the Isles 12,yes,
            WAIT-F,WAIT,ISLES,2034-Q4,final,10,,Library Plan,图书馆规划,2029-12-01,Gazette of the Isles 12,yes,
            LOANS-B,LOANS,ISLES,2029,baseline,50,,Library Plan,图书馆规划,2029-12-01,Gazette of the Isles 12,no,
            LOANS-F,LOANS,ISLES,2034,final,80,,Library Plan,图书馆规划,2029-12-01,Gazette of the Isles 12,yes,
            """,
        ["milestones.csv"] = """
            code,element,year,goal_en,goal_zh,source,note
            HALLS-2031,K-HALLS,2031,A hall on each isle.,每岛一间阅览室。,ch. 2,
            """,
        ["departments.csv"] = """
            code,name_en,name_zh,basis,source,note
            LIB,Library Office,图书馆办公室,plan text,ch. 3,
            """,
        ["assignments.csv"] = """
            department,element,role,illustrative,basis
            LIB,K-HALLS,lead,no,plan text
            """,
        ["readings/national.csv"] = """
            indicator,region,period,value,status,quality,source,published_on,note
            BOOKS,ISLES,2030-S1,112.5,A,published,Bulletin 1,,"first count
            of the
            new office"
            BOOKS,ISLES,2030-S2,118.0,P,published,Bulletin 2,,
            WAIT,ISLES,2030-Q1,28.75,A,stated,Report 1,,
            WAIT,ISLES,2030-Q2,31.00,E,about,Report 2,,
            WAIT,ISLES,2030-Q2,29.50,A,published,Report 3,,
            LOANS,ISLES,2030,57,A,published,Bulletin 2,,
            LOANS,ISLES,2031,,O,published,Bulletin 4,,not counted in the year of the flood
            """,
        ["readings/regional.csv"] = """
            indicator,region,period,value,status,quality,source,published_on,note
            BOOKS,NORTH,2030-S1,60.5,A,published,Bulletin 1,,
            BOOKS,SOUTH,2030-S1,52.0,A,published,Bulletin 1,,
            """,
    };

    public TinyPlan()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "readings"));
        foreach (var (file, text) in Files)
            Write(file, text + "\n");
    }

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"plantracker-package-{Guid.NewGuid():N}");

    public string Read(string file) => File.ReadAllText(At(file));

    public void Write(string file, string text) => Write(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetBytes(text));

    public void Write(string file, byte[] bytes) => File.WriteAllBytes(At(file), bytes);

    public void Delete(string file) => File.Delete(At(file));

    /// <summary>Puts <paramref name="now"/> in the place of <paramref name="was"/>, which has to stand in the file exactly once.</summary>
    public void Change(string file, string was, string now)
    {
        var parts = Read(file).Split(was);
        parts.Should().HaveCount(2, "'{0}' names one place in {1}", was, file);
        Write(file, string.Join(now, parts));
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private string At(string file) => Path.Combine(Folder, file);
}
