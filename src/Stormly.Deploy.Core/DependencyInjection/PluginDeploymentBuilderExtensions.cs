using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Stormly.Deploy;
using Stormly.Deploy.DependencyInjection;
using Stormly.Deploy.Examples;
using Stormly.Deploy.Model;
using Stormly.Deploy.Statistics;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Names plugins at the start of the host application.</summary>
public static class PluginDeploymentBuilderExtensions
{
    /// <summary>
    /// Names a plugin by its folder: it is read and deployed when the host application starts, and again when it has changed (<see cref="PluginOptions.Follow"/>).
    /// Where the folder cannot be read, the revision that served last is started again.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The plugin's name; see <see cref="PluginName"/>.</param>
    /// <param name="folder">The folder with its files, stage results and manifest; a relative path counts from the current directory.</param>
    /// <param name="configure">Sets the plugin's options; null keeps the defaults.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="PluginDeploymentException">The name is not a legal one, or its options are wrong; the message lists all of it.</exception>
    public static IPluginDeploymentBuilder AddPlugin(this IPluginDeploymentBuilder builder, string name, string folder, Action<PluginOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var options = new PluginOptions();
        configure?.Invoke(options);
        var rules = new OptionRules();
        FleetSize.Check(name, options, rules);
        options.Follow?.Check($"{name}:{nameof(options.Follow)}", rules);
        rules.Require(options.Examples is not { } examples || Enum.IsDefined(examples), $"{name}:{nameof(options.Examples)}", $"be one of {string.Join(", ", Enum.GetNames<ExampleCheck>())}", $"{options.Examples}");
        options.Redeploy?.Check($"{name}:{nameof(options.Redeploy)}", rules);
        if (rules.Problems.Count > 0)
        {
            throw new PluginDeploymentException(string.Join(" ", rules.Problems));
        }

        builder.Services.AddSingleton(new PluginRegistration(PluginName.Parse(name), Path.GetFullPath(folder), options));
        return builder;
    }

    /// <summary>Adds rows of real data: the most common values and examples of features are taken from them. Several sources count together.</summary>
    /// <typeparam name="TRows">Gives the rows; made once, from the host application's services.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    public static IPluginDeploymentBuilder AddFeatureRows<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TRows>(this IPluginDeploymentBuilder builder)
        where TRows : class, IFeatureRows
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<IFeatureRows, TRows>();
        return builder;
    }

    /// <summary>
    /// Warns when the host application starts of every name in a section that no setting has, with the name that was probably meant. For backends and others that bind
    /// options of their own; the section itself may stand in that of <see cref="PluginDeploymentOptions"/>, as <c>PluginDeployment:Docker</c> does.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configuration">The section that the options are bound to.</param>
    /// <param name="names">The names that settings have there.</param>
    /// <returns>The same builder.</returns>
    public static IPluginDeploymentBuilder WarnOfUnknownSettings(this IPluginDeploymentBuilder builder, IConfiguration configuration, SettingNames names)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(names);
        builder.Services.AddSingleton(new ConfiguredSettings(configuration, names));
        return builder;
    }
}
