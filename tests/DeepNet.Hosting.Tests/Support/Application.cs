using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DeepNet.Hosting.Tests.Support;

/// <summary>An application of a predictor of numbers, which a model makes of numbers.</summary>
internal sealed class Application : IAsyncDisposable
{
    private readonly IHost host;

    private Application(IHost host) => this.host = host;

    public IServiceProvider Services => host.Services;

    public MemoryLog Log => Services.GetRequiredService<MemoryLog>();

    public IPredictor<float, float> Predictor => Services.GetRequiredService<IPredictor<float, float>>();

    /// <summary>Makes and starts it.</summary>
    public static Task<Application> StartAsync(Nn.Module model, Action<PredictorOptions>? configure = null)
        => StartAsync(services => services.AddPredictor<float, float>("adder", _ => model, x => x, y => y[0], configure));

    public static async Task<Application> StartAsync(Action<IServiceCollection> add)
    {
        var application = Build(add);
        try
        {
            await application.host.StartAsync();
            return application;
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    public static Application Build(Action<IServiceCollection> add)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<MemoryLog>();
        builder.Services.AddSingleton<ILoggerProvider>(services => services.GetRequiredService<MemoryLog>());
        add(builder.Services);
        return new Application(builder.Build());
    }

    public Task StopAsync(CancellationToken cancellation = default) => host.StopAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        if (host is IAsyncDisposable disposable) await disposable.DisposeAsync();
    }
}
