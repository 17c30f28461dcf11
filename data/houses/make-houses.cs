#:project ../../src/DeepNet.Data/DeepNet.Data.csproj
#:property PublishAot=false

// Makes data/houses/houses.csv: run "dotnet run data/houses/make-houses.cs" in the root of the repository.
// What is true of these houses is written here and in README.md beside it; the sample Regression finds it out again.

using System.Globalization;
using System.Text;
using DeepNet;

const int count = 1200;
const double noise = 20;
string[] quarters = ["harbour", "north", "old_town", "south"];
double[] quarterPrices = [25, -10, 60, 0];

string path = args is [var given] ? given : Path.Combine("data", "houses", "houses.csv");
var chance = new Generator(2026);
var csv = new StringBuilder("area,rooms,age,distance,garden,quarter,price\n");
for (int i = 0; i < count; i++)
{
    double area = Math.Round(40 + 160 * chance.NextDouble(), 1);
    int rooms = Math.Max(1, (int)Math.Round(area / 30 + 2 * chance.NextDouble() - 1));
    int age = (int)(81 * chance.NextDouble());                              // 0 to 80, 40 on average
    double distance = Math.Round(0.5 + 11 * chance.NextDouble(), 1);        // 0.5 to 11.5 km, 6 on average
    int garden = chance.NextDouble() < 0.4 ? 1 : 0;
    int quarter = (int)(quarters.Length * chance.NextDouble());
    double price = 60 + 2.4 * area + 8 * rooms - 0.9 * age - 4.5 * distance + 15 * garden + quarterPrices[quarter]
        - 0.4 * (age - 40) * (distance - 6)                                 // no linear model sees this one
        + noise * Normal();
    csv.Append(CultureInfo.InvariantCulture, $"{area},{rooms},{age},{distance},{garden},{quarters[quarter]},{Math.Round(price, 1)}\n");
}
File.WriteAllText(path, csv.ToString());
Console.WriteLine($"{path}: {count} houses");

double Normal() => Math.Sqrt(-2 * Math.Log(1 - chance.NextDouble())) * Math.Cos(2 * Math.PI * chance.NextDouble());
