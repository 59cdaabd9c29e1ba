using System.Text;
using System.Text.Json;
using Docker.DotNet.Models;
using Stormly.Deploy.Docker.Images;
using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Docker.Tests;

/// <summary>Images from registries that ask who is there.</summary>
public sealed class SignInTests : IDisposable
{
    private const string Secret = "s3cret: word";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stormly-login-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task StartAsync_NameAndPassword_FetchesTheImage()
    {
        await TestEngine.NeedsAsync();
        await using var registry = await SmallRegistry.StartAsync("stormly-signed");
        registry.Ask("ci", Secret);

        await FetchAsync(registry, new DockerRegistryOptions { Address = registry.Address, Username = "ci", Password = Secret });

        Assert.True(registry.Manifests > 0);
    }

    [Fact]
    public async Task StartAsync_IdentityToken_FetchesTheImage()
    {
        await TestEngine.NeedsAsync();
        await using var registry = await SmallRegistry.StartAsync("stormly-signed");
        registry.Ask("token-of-ci");

        await FetchAsync(registry, new DockerRegistryOptions { Address = registry.Address, IdentityToken = "token-of-ci" });

        Assert.True(registry.Manifests > 0);
    }

    [Theory]
    [Trait("Fault", "59")]
    [InlineData("ci", "signed in at 127.0.0.1:", "as 'ci' (`Docker:Registries`)")]
    [InlineData(null, "asked 127.0.0.1:", "as nobody: `Docker:Registries` does not name it")]
    public async Task StartAsync_Refused_SaysWhoAskedAndNoSecret(string? user, params string[] words)
    {
        await TestEngine.NeedsAsync();
        await using var registry = await SmallRegistry.StartAsync("stormly-signed");
        registry.Ask("ci", "another password");
        await using var sandbox = await Sandbox.MakeAsync(o =>
        {
            o.Image = $"{registry.Address}/stormly-signed";
            o.UseDockerLogin = false;
            if (user is not null)
            {
                o.Registries.Add(new DockerRegistryOptions { Address = registry.Address, Username = user, Password = Secret });
            }
        });

        var error = await Assert.ThrowsAsync<InstanceStartException>(() => sandbox.StartAsync(Sandbox.Serve));

        Assert.All(words, word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
        Assert.Contains("docker login", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, error.ToString(), StringComparison.Ordinal);
        Assert.True(registry.Refused > 0);
    }

    [Theory]
    [InlineData("python", "docker.io")]
    [InlineData("library/python:3", "docker.io")]
    [InlineData("localhost/python", "localhost")]
    [InlineData("registry:5000/python:3", "registry:5000")]
    [InlineData("ghcr.io/owner/python@sha256:abc", "ghcr.io")]
    public void RegistryOf_AnyName_IsItsHost(string image, string expected) => Assert.Equal(expected, ImageName.RegistryOf(image));

    [Fact]
    public async Task FindAsync_WhatDockerLoginLeft_IsUsedWhereTheOptionsNameNothing()
    {
        var auth = Convert.ToBase64String(Encoding.UTF8.GetBytes($"me:{Secret}"));
        Write(new { auths = new Dictionary<string, object> { ["registry.example:5000"] = new { auth }, ["https://index.docker.io/v1/"] = new { identitytoken = "hub-token" } } });

        var (plain, hub, none) = (await FindAsync("registry.example:5000/x"), await FindAsync("python"), await FindAsync("other.example/x"));

        Assert.Equal(("me", Secret), (plain.Auth!.Username, plain.Auth.Password));
        Assert.Equal("hub-token", hub.Auth!.IdentityToken);
        Assert.Null(none.Auth);
        Assert.Contains("docker login has left nothing for it", none.Words, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, $"{plain} {hub} {none}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_OptionsNameIt_TheyWin()
    {
        Write(new { auths = new Dictionary<string, object> { ["registry.example"] = new { auth = Convert.ToBase64String("me:other"u8) } } });
        var options = new DockerHostOptions();
        options.Registries.Add(new DockerRegistryOptions { Address = "Registry.Example", Username = "ci", Password = Secret });

        var found = await FindAsync("registry.example/x", options);

        Assert.Equal(("ci", Secret, "registry.example"), (found.Auth!.Username, found.Auth.Password, found.Auth.ServerAddress));
    }

    [Theory]
    [InlineData("""cat >"$0.asked"; echo '{"ServerURL":"registry.example","Username":"helped","Secret":"key"}'""", "helped", "signed in at registry.example as 'helped' (docker-credential-test)")]
    [InlineData("""echo '{"ServerURL":"registry.example","Username":"<token>","Secret":"key"}'""", null, "with an identity token (docker-credential-test)")]
    [InlineData("echo 'credentials not found in native keychain'; exit 1", null, "docker login has left nothing for it")]
    [InlineData("echo leaked >&2; exit 2", null, "docker-credential-test ended with 2")]
    [InlineData("echo '{\"Secret\":\"leaked\"}'", null, "docker login has left nothing for it")]
    [InlineData("echo '[]'", null, "docker login has left nothing for it")]
    [InlineData("echo leaked", null, "docker-credential-test did not answer with JSON")]
    [InlineData(null, null, "docker-credential-test is not to be found in PATH")]
    public async Task FindAsync_CredentialHelper_IsAsked(string? script, string? user, string words)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The helper of this test is a shell script.");
        Write(new { credHelpers = new Dictionary<string, string> { ["registry.example"] = "test" } });
        if (script is not null && !OperatingSystem.IsWindows())
        {
            var helper = Path.Combine(_folder.FullName, "docker-credential-test");
            await File.WriteAllTextAsync(helper, $"#!/bin/sh\n{script}\n", TestEngine.Token);
            File.SetUnixFileMode(helper, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var found = await FindAsync("registry.example/x");

        Assert.Equal(user, string.IsNullOrEmpty(found.Auth?.Username) ? null : found.Auth.Username);
        Assert.Contains(words, found.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("leaked", found.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{"auths":{"registry.example":{"auth":"%%%"}}}""")]
    [InlineData("""{"auths":[1]}""")]
    [InlineData("[]")]
    public async Task FindAsync_RubbishInTheFile_AsksAsNobody(string text)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "config.json"), text, TestEngine.Token);

        Assert.Null((await FindAsync("registry.example/x")).Auth);
    }

    [Fact]
    public void Validate_Registries_TellsEveryProblemAndNoSecret()
    {
        var options = new DockerHostOptions();
        options.Registries.Add(new DockerRegistryOptions { Address = "https://registry.example/v2", Username = "ci", Password = Secret });
        options.Registries.Add(new DockerRegistryOptions { Address = "registry.example", Username = "ci" });
        options.Registries.Add(new DockerRegistryOptions { Address = "Registry.example", IdentityToken = Secret, Password = Secret });
        options.Registries.Add(new DockerRegistryOptions { Address = "localhost:5000" });

        var failures = new DockerHostOptionsValidator().Validate(null, options).Failures!.ToList();

        Assert.Equal(
            [
                "`Docker:Registries:0:Address` must be a registry as images name it, host or host:port without scheme and path, was: 'https://registry.example/v2'",
                "`Docker:Registries:1` must hold Username and Password, or IdentityToken alone, was: Username",
                "`Docker:Registries:2:Address` must stand only once, was again: 'Registry.example'",
                "`Docker:Registries:2` must hold Username and Password, or IdentityToken alone, was: Password and IdentityToken",
                "`Docker:Registries:3` must hold Username and Password, or IdentityToken alone, was: neither",
            ],
            failures);
    }

    private static async Task FetchAsync(SmallRegistry registry, DockerRegistryOptions signIn)
    {
        var image = $"{registry.Address}/stormly-signed";
        await using var sandbox = await Sandbox.MakeAsync(o =>
        {
            o.Image = image;
            o.Registries.Add(signIn);
        });
        try
        {
            await (await sandbox.StartAsync(Sandbox.Serve)).WaitReadyAsync();
        }
        finally
        {
            await sandbox.Host.DisposeAsync();
            await TestEngine.Client.Images.DeleteImageAsync(image + ":latest", new ImageDeleteParameters(), Sandbox.Token);
        }
    }

    private void Write(object config) => File.WriteAllText(Path.Combine(_folder.FullName, "config.json"), JsonSerializer.Serialize(config));

    private Task<RegistrySignIn> FindAsync(string image, DockerHostOptions? options = null)
        => new RegistryKeys(options ?? new DockerHostOptions(), new DockerLogin(Variable)).FindAsync(image, TestEngine.Token);

    private string? Variable(string name) => name switch
    {
        "DOCKER_CONFIG" => _folder.FullName,
        "PATH" => $"{_folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}",
        _ => null,
    };
}
