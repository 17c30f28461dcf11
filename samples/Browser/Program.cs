using DeepNet.Samples.Browser;
using Microsoft.AspNetCore.Components.WebAssembly.Hosting;

// Networks that learn inside the browser: dotnet publish -c Release -o site samples/Browser, and serve site/wwwroot by any web server.
var builder = WebAssemblyHostBuilder.CreateDefault(args);
builder.RootComponents.Add<TrainingPage>("#app");
await builder.Build().RunAsync();
