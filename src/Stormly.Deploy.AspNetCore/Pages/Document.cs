using Microsoft.AspNetCore.Components;

namespace Stormly.Deploy.AspNetCore.Pages;

/// <summary>The root of a page: renders what it is given, once.</summary>
internal sealed class Document : IComponent
{
    private RenderHandle _handle;

    /// <summary>What to render.</summary>
    [Parameter]
    public RenderFragment? Body { get; set; }

    /// <inheritdoc/>
    public void Attach(RenderHandle renderHandle) => _handle = renderHandle;

    /// <inheritdoc/>
    public Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        _handle.Render(Body!);
        return Task.CompletedTask;
    }
}
