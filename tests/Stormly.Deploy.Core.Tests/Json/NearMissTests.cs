using System.Text;
using Stormly.Deploy.Json;

namespace Stormly.Deploy.Core.Tests.Json;

public sealed class NearMissTests
{
    [Theory]
    [InlineData("user_created", "userCreated", true)]
    [InlineData("user_created", "USER-CREATED", true)]
    [InlineData("user_created", "user_craeted", true)]
    [InlineData("user_created", "usr_creatd", true)]
    [InlineData("user_created", "us_creatd", false)]
    [InlineData("user_created", "created", false)]
    [InlineData("port", "prot", true)]
    [InlineData("port", "Prt", true)]
    [InlineData("port", "pt", false)]
    [InlineData("größe", "groesse", false)]
    [InlineData("größe", "GRÖßE", true)]
    [InlineData("x", "y", false)]
    [InlineData("x", "", false)]
    [InlineData("_", "", false)]
    [InlineData("user_created", "", false)]
    public void IsLikely_ASlipOrTwo_AreForgiven(string wanted, string sent, bool likely)
    {
        Assert.Equal(likely, NearMiss.IsLikely(wanted, Encoding.UTF8.GetBytes(sent)));
        Assert.Equal(likely ? wanted : null, NearMiss.Find(sent, [wanted]));
    }

    [Fact]
    public void Find_SeveralThatAreNear_TakesTheNearest() => Assert.Equal("inputs", NearMiss.Find("inpts", ["input", "inputs", "outputs"]));

    [Fact]
    public void Find_NamesOfAnyLength_AreAnswered()
    {
        Assert.Null(NearMiss.Find(new string('x', 1_000_000), [new string('x', 1_000_001)]));
        Assert.Null(NearMiss.Find("x", []));
        Assert.Equal(new string('é', 32), NearMiss.Find(new string('é', 31), [new string('é', 32)]));
        Assert.True(NearMiss.IsLikely(new string('é', 32), Encoding.UTF8.GetBytes(new string('é', 32))));
    }

    [Fact]
    public void Hint_NothingNear_NamesAll()
    {
        Assert.Equal("Did you mean \"port\"?", NearMiss.Hint("Prot", ["port", "path"]));
        Assert.Equal("Known keys are port, path.", NearMiss.Hint("frobnicate", ["port", "path"]));
    }
}
