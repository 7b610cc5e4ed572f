using Orchestrator.Core.Tests.Architecture.Planted;
using Orchestrator.Core.Tests.Architecture.Planted.Early;
using Orchestrator.Core.Tests.Architecture.Planted.Late;

namespace Orchestrator.Core.Tests.Architecture;

/// <summary>Each check names the violation that is planted for it, and lets its neighbour pass.</summary>
public sealed class PlantedTests
{
    private const string CorePath = "src/Orchestrator.Core/Series/Planted.cs";

    [Fact]
    public void A_core_that_knows_the_runtime_is_named() => Named(
        Arrows.Offenders([Text("src/Orchestrator.Core/Orchestrator.Core.csproj", """<ProjectReference Include="../Orchestrator.Runtime/Orchestrator.Runtime.csproj" />""")]),
        "src/Orchestrator.Core/Orchestrator.Core.csproj: Orchestrator.Core must not reference Orchestrator.Runtime");

    [Fact]
    public void A_cli_that_skips_the_server_is_named() => Named(
        Arrows.Offenders([Text("src/Orchestrator.Cli/Orchestrator.Cli.csproj", """<ProjectReference Include="../Orchestrator.Core/Orchestrator.Core.csproj" />""")]),
        "src/Orchestrator.Cli/Orchestrator.Cli.csproj: Orchestrator.Cli must not reference Orchestrator.Core");

    [Fact]
    public void A_database_in_core_is_named() => Named(
        Arrows.Offenders([Text("src/Orchestrator.Core/Orchestrator.Core.csproj", """<PackageReference Include="Dapper" /><PackageReference Include="YamlDotNet" />""")]),
        "src/Orchestrator.Core/Orchestrator.Core.csproj: Core must not reference Dapper");

    [Fact]
    public void A_use_of_a_later_folder_is_named_where_the_compiler_sees_it() => Named(
        FolderOrder.InTypes([typeof(UsesLater), typeof(UsesOwn), typeof(LateType)], typeof(Settable).Namespace!, ["Early", "Late"]).Distinct(),
        $"{typeof(UsesLater).FullName} uses {typeof(LateType).FullName}: Early stands before Late");

    [Fact]
    public void A_use_of_a_later_folder_is_named_where_the_text_shows_it() => Named(
        FolderOrder.InSources([Text(CorePath, "using Orchestrator.Core.Diagnostics;\nusing Orchestrator.Core.Rules;\nnamespace Orchestrator.Core.Series;\n")], FolderOrder.Core),
        $"{CorePath} uses Orchestrator.Core.Rules: Series stands before Rules");

    [Fact]
    public void A_public_set_is_named() => Named(Shapes.PublicSetters([typeof(Settable)]), $"{typeof(Settable).FullName}.Set has a public set");

    [Theory]
    [InlineData(typeof(Waits), "System.Threading.Tasks.ValueTask")]
    [InlineData(typeof(WaitsInside), "System.Threading.Tasks.Task`1")]
    public void An_asynchronous_signature_is_named(Type planted, string task) =>
        Assert.Contains($"{planted.FullName} has {task} in a signature", Shapes.AsyncSignatures([planted, typeof(Settable)]));

    [Fact]
    public void An_open_family_is_named() =>
        Named(Shapes.OpenFamilies([typeof(Open), typeof(Closed)]), $"{typeof(Open).FullName} is an abstract record whose constructor is not private");

    [Fact]
    public void A_forgotten_case_is_named() => Named(
        Shapes.ForgottenCases([typeof(Closed), typeof(Closed.One), typeof(Closed.Two), typeof(Closed.Three), typeof(Functions)]),
        $"{typeof(Functions).FullName}.Partial forgets Closed.Two");

    [Fact]
    public void A_pattern_with_digits_of_any_script_is_named() => Named(
        Style.DigitsOfAnyScript([Text(CorePath, "[GeneratedRegex(@\"^\\" + "d+$\")]\n[GeneratedRegex(@\"^[0-9]+$\")]\n")]), $"{CorePath}:1: [GeneratedRegex(@\"^\\d+$\")]");

    [Fact]
    public void An_unsealed_record_is_named() => Named(
        Style.UnsealedRecords([Text(CorePath, "public record Loose(int A);\npublic sealed record Tight(int A);\npublic readonly record struct Small(int A);\n")]),
        $"{CorePath}:1: public record Loose(int A);");

    [Fact]
    public void A_lonely_interface_is_named() => Named(
        House.LonelyInterfaces([Text(CorePath, "public interface ILonely;\npublic interface IPair;\nclass A(int x) : ILonely, IPair { }\nrecord B : IPair;\n")]),
        $"{CorePath}: ILonely has 1 implementations");

    [Theory]
    [InlineData("src/Orchestrator.Core/Series/Sample.cs", "public sealed class SampleManager { }", "Manager", "SampleManager")]
    [InlineData("src/Orchestrator.Core/Series/SampleHelpers.cs", "", "Helpers", "SampleHelpers")]
    [InlineData("src/Orchestrator.Core/Utils/Sample.cs", "", "Utils", "Utils")]
    [InlineData("src/Orchestrator.Core/Series/Sample.cs", "internal record struct SampleV2(int A);", "V2", "SampleV2")]
    [InlineData("src/Orchestrator.Core/Series/Sample.cs", "public sealed class DatabaseRenewal { } public class Baseline { }\n  class NewSample { }", "New", "NewSample")]
    public void A_word_that_says_nothing_is_named(string path, string text, string word, string name) =>
        Named(Style.ForbiddenNames([Text(path, text)]), $"{path}: the word {word} in {name} says nothing");

    [Fact]
    public void A_long_file_is_named() => Named(
        Style.LongFiles([Text(CorePath, new string('\n', 401)), Text("src/Short.cs", new string('\n', 400))]), $"{CorePath}: 401 lines, 400 are allowed");

    [Fact]
    public void A_namespace_beside_its_folder_is_named() => Named(
        Style.WrongNamespaces([Text(CorePath, "namespace Orchestrator.Core.Rules;\n"), Text("src/Orchestrator.Core/Rules/A.cs", "namespace Orchestrator.Core.Rules;\n")]),
        $"{CorePath}: namespace Orchestrator.Core.Rules should be Orchestrator.Core.Series");

    [Fact]
    public void A_public_type_without_summary_is_named() => Named(
        Style.WithoutSummary([Text(CorePath, "/// <summary>Says it.</summary>\n[Flags]\npublic enum Said { }\n\npublic sealed class Mute { }\n")]),
        $"{CorePath}:5: public sealed class Mute {{ }} has no summary");

    [Theory]
    [InlineData("// TO" + "DO: later")]
    [InlineData("// FIX" + "ME")]
    [InlineData("throw new NotImplemented" + "Exception();")]
    [InlineData("Thread" + ".Sleep(10);")]
    [InlineData("await Task" + ".Delay(10, ct);")]
    public void Work_put_off_is_named(string line) =>
        Named(Style.Litter([Text(CorePath, $"var a = 1;\n{line}\nawait Task" + ".Delay(span, _time, ct);\n")]), $"{CorePath}:2: {line}");

    [Theory]
    [InlineData("catch (Exception e) { Log(e); }")]
    [InlineData("catch { return; }")]
    [InlineData("catch (Exception) // why\n#pragma warning restore CA1031\n{ if (a) { while (b) { c(); } } }")]
    [InlineData("catch (Exception e) when (e is not OperationCanceledException) { }")]
    public void A_swallowed_exception_is_named(string swallow) => Named(
        House.SwallowedExceptions([Text(CorePath, $"try {{ }}\n{swallow}\ntry {{ }}\ncatch {{ Undo(); throw; }}\ntry {{ }}\ncatch (IOException) {{ }}\n")]),
        $"{CorePath}:2: catches every exception, and is no boundary listed in House.cs");

    [Fact]
    public void A_folder_that_is_no_noun_is_named() => Named(
        House.OddFolders([Text("tests/Orchestrator.Core.Tests/Stuff/A.cs", ""), Text("tests/Orchestrator.Core.Tests/Series/A.cs", ""), Text("src/Orchestrator.Core/A.cs", "")]),
        "tests/Orchestrator.Core.Tests/Stuff/A.cs: Stuff is no noun of this house");

    [Fact]
    public void A_stranger_at_the_root_is_named() => Named(House.Strangers(["src", "notes.txt", "README.md"]), "notes.txt has no place at the root");

    [Theory]
    [InlineData("see https:" + "//packages.inside.test/index.json")]
    [InlineData("open \"/ho" + "me/somebody/data.csv\"")]
    public void A_private_place_is_named(string line) =>
        Named(House.PrivatePlaces([Text("README.md", $"{line}\nhttps://github.com/x and http://127.0.0.1:8080\n")]), $"README.md:1: {line}");

    [Fact]
    public void A_dead_link_is_named() => Named(
        House.DeadLinks([Text("src/README.md", "[a](decisions/0001.md#why) [b](gone.md) [c](https://example.org/x) [d](#words)")], path => path == "src/decisions/0001.md"),
        "src/README.md: nothing is at gone.md");

    private static SourceFile Text(string path, string text) => new(path, text);

    private static void Named(IEnumerable<string> offenders, string expected) => Assert.Equal([expected], offenders);
}
