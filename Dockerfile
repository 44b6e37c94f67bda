# Builds from the lock files, runs the published application as a user without rights.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source

# What decides the packages comes first: as long as it is unchanged, the restored layer is reused.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/PlanTracker.Web/PlanTracker.Web.csproj src/PlanTracker.Web/packages.lock.json src/PlanTracker.Web/
RUN dotnet restore src/PlanTracker.Web --locked-mode

COPY .editorconfig BannedSymbols.txt ./
COPY seed-data seed-data
COPY src src
RUN dotnet publish src/PlanTracker.Web --configuration Release --no-restore --output /published

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /published .

# The image brings the user app and its number; a number lets an orchestrator see that it is not root.
USER $APP_UID

# The image sets ASPNETCORE_HTTP_PORTS=8080. The health check stands in docker-compose.yml.
EXPOSE 8080
ENTRYPOINT ["dotnet", "PlanTracker.Web.dll"]
