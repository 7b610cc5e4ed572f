using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Tests.Architecture;

/// <summary>The checks, over this repository as it is.</summary>
public sealed class ArchitectureTests
{
    private static readonly Type[] _core = typeof(Diagnostic).Assembly.GetTypes();
    private static readonly SourceFile[] _production = [.. Sources.Code.Where(file => file.IsUnder("src"))];

    [Fact]
    public void Projects_point_from_cli_to_server_to_runtime_to_core() => Clean(Arrows.Offenders(Sources.Projects));

    [Fact]
    public void Compiled_folders_of_core_use_only_those_before_them() => Clean(FolderOrder.InTypes(_core, "Orchestrator.Core", FolderOrder.Core));

    [Fact]
    public void Written_folders_of_core_use_only_those_before_them() => Clean(FolderOrder.InSources(_production, FolderOrder.Core));

    [Fact]
    public void Core_has_no_public_setters() => Clean(Shapes.PublicSetters(_core));

    [Fact]
    public void Core_has_no_asynchronous_signatures() => Clean(Shapes.AsyncSignatures(_core));

    [Fact]
    public void Families_are_closed() => Clean(Shapes.OpenFamilies(_core));

    [Fact]
    public void Switches_over_a_family_know_every_case() => Clean(Shapes.ForgottenCases(_core));

    [Fact]
    public void Records_are_sealed() => Clean(Style.UnsealedRecords(_production));

    [Fact]
    public void Interfaces_have_two_implementations() => Clean(House.LonelyInterfaces(_production));

    [Fact]
    public void Names_say_something() => Clean(Style.ForbiddenNames(Sources.Code));

    [Fact]
    public void Files_are_short() => Clean(Style.LongFiles(Sources.Code));

    [Fact]
    public void Namespaces_are_folders() => Clean(Style.WrongNamespaces(Sources.Code));

    [Fact]
    public void Public_types_say_what_they_are() => Clean(Style.WithoutSummary(_production));

    [Fact]
    public void Nothing_is_put_off() => Clean(Style.Litter(Sources.Code));

    [Fact]
    public void No_pattern_takes_digits_that_are_not_read() => Clean(Style.DigitsOfAnyScript(Sources.Code.Where(file => file.IsUnder("src"))));

    [Fact]
    public void Every_exception_is_caught_only_at_boundaries() => Clean(House.SwallowedExceptions(_production));

    [Fact]
    public void Folders_are_nouns_of_the_house() => Clean(House.OddFolders(Sources.Code));

    [Fact]
    public void The_root_holds_only_listed_entries() => Clean(House.Strangers(Sources.RootEntries));

    [Fact]
    public void Texts_name_no_private_places() => Clean(House.PrivatePlaces(Sources.Texts));

    [Fact]
    public void Links_of_documents_lead_somewhere() => Clean(House.DeadLinks(Sources.Texts, path => Path.Exists(Path.Combine(Sources.Root, path))));

    private static void Clean(IEnumerable<string> offenders)
    {
        var list = offenders.Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.True(list.Count == 0, $"{list.Count} offenders\n{string.Join('\n', list)}");
    }
}
