using Orchestrator.Core.Series;

namespace Orchestrator.Core.Tests.Series;

public sealed class DigestTests
{
    /// <summary>The examples of FIPS 180-4.</summary>
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    public void Content_is_identified_by_sha_256(string text, string expected) => Assert.Equal(expected, Digest.Of(text));
}
