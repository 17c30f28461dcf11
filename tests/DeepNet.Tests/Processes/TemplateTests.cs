using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace DeepNet.Tests.Processes;

/// <summary>Programs of the templates, made, built and run as a newcomer does, with the packages of artifacts/.</summary>
[Trait(ChildProcess.Trait, ChildProcess.Children)]
[Collection(PackedLibrariesGroup.Name)]
public class TemplateTests(PackedLibraries packed)
{
    [MatrixFact]
    public async Task Train_learns_its_own_digits_and_those_of_a_folder()
    {
        string folder = await New("deepnet-train", "reader");
        string text = await packed.Dotnet(folder, "run");
        Assert.Contains("8000 images to learn from", text, StringComparison.Ordinal);
        Assert.Matches(@"9[5-9]\.\d ?% of the images that it never saw are told right", text);
        Assert.Contains("Next:", text, StringComparison.Ordinal);
        string run = Directory.GetDirectories(Path.Combine(folder, "runs")).Single();
        Assert.Equal(["history.csv", "model.safetensors", "report.html"], Directory.GetFiles(run).Select(Path.GetFileName).Order());

        text = await packed.Dotnet(folder, "run", "--", Path.Combine(Packing.Repository, "data", "digits"));
        Assert.Matches(@"9[5-9]\.\d ?% of the images", text);
    }

    [MatrixFact]
    public async Task Script_predicts_a_column_of_its_own_table_and_of_a_file()
    {
        string folder = await New("deepnet-script", "houses");
        string text = await packed.Dotnet(folder, "run", "houses.cs");
        Assert.Matches(@"held out: .*r2 0\.9", text);
        Assert.Contains("Next: dotnet run houses.cs", text, StringComparison.Ordinal);

        string table = Path.Combine(Packing.Repository, "data", "houses", "houses.csv");
        Assert.Matches(@"held out: .*r2 0\.9", await packed.Dotnet(folder, "run", "houses.cs", "--", table, "price"));
        Assert.Contains("accuracy 0.", await packed.Dotnet(folder, "run", "houses.cs", "--", table, "quarter"), StringComparison.Ordinal);
    }

    [MatrixFact]
    public async Task Web_answers_requests()
    {
        string folder = await New("deepnet-web", "service");
        await packed.Dotnet(folder, ["build", .. Packing.OneOff]);
        string program = Path.Combine(folder, "bin", "Debug", "net10.0", "service.dll");
        using var server = Process.Start(new ProcessStartInfo("dotnet", ["exec", program, "--urls", "http://127.0.0.1:0"])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true,
        })!;
        try
        {
            const string Mark = "Now listening on: ";
            string? line;
            do line = await server.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(2));
            while (line?.Contains(Mark, StringComparison.Ordinal) == false);
            Assert.NotNull(line);
            _ = server.StandardOutput.ReadToEndAsync();

            using var client = new HttpClient { BaseAddress = new Uri(line.Split(Mark)[1]) };
            Assert.Equal("Healthy", await client.GetStringAsync("/health"));
            int right = 0;
            for (int digit = 0; digit < 10; digit++)
            {
                float[] pixels = (await client.GetFromJsonAsync<float[]>($"/example/{digit}"))!;
                using var answer = await client.PostAsJsonAsync("/digit", pixels);
                using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
                if (json.RootElement.GetProperty("digit").GetInt32() == digit) right++;
            }
            Assert.InRange(right, 8, 10);
            using var wrong = await client.PostAsJsonAsync("/digit", new float[3]);
            Assert.Equal(System.Net.HttpStatusCode.BadRequest, wrong.StatusCode);
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync();
        }
    }

    // Templates are installed for this folder alone: those of the user stay as they are.
    private async Task<string> New(string template, string name)
    {
        string folder = packed.Folder(name), hive = packed.Folder($"{name}-templates");
        await packed.Dotnet(folder, "new", "install", PackedLibraries.Package("DeepNet.Templates"), "--debug:custom-hive", hive);
        await packed.Dotnet(folder, "new", template, "--name", name, "--output", ".", "--debug:custom-hive", hive);
        return folder;
    }
}
