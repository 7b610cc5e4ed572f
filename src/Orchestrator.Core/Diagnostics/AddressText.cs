using System.Text.RegularExpressions;

namespace Orchestrator.Core.Diagnostics;

/// <summary>Texts that are addresses, where the name of something that the operator gave belongs.</summary>
public static partial class AddressText
{
    public static bool IsAddress(string? text) => text is not null && Form().IsMatch(text);

    [GeneratedRegex("^\\s*(?:[a-z][a-z0-9+.-]{0,20}://|mailto:|www\\.)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Form();
}
